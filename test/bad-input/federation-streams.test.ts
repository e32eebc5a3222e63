// Streams of other servers with bytes that no stream may have, that end where none should, or that count wrongly.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { besieged, verona } from "../s2s/support/besieged.js";
import { management, type Puppet } from "../s2s/support/puppet.js";

const siege = besieged({}, '[hosts."venice.example"]\n');
const [mantua, pisa, venice] = ["mantua.example", "pisa.example", "venice.example"] as const;
const tls = "urn:ietf:params:xml:ns:xmpp-tls";
const enable = `<enable xmlns='${management}' resume='true'/>`;

async function authenticated(from: string = mantua, to: string = verona): Promise<Puppet> {
  const puppet = await siege.connect(from, { to });
  await puppet.authenticates();
  return puppet;
}

function message(content: string): string {
  return `<message from='romeo@${mantua}' to='juliet@${verona}'>${content}</message>`;
}

describe("on a stream with proof,", () => {
  const wrong: Readonly<Record<string, readonly [condition: string, bytes: string | Buffer]>> = {
    "a stanza past the limit: <policy-violation/> (RFC 6120 §13.12)": ["policy-violation", message(`<body>${"x".repeat(600_000)}</body>`)], // prettier-ignore
    "a stanza without end: <policy-violation/> (RFC 6120 §13.12)": ["policy-violation", `<message from='romeo@${mantua}' to='juliet@${verona}'><body>${"x".repeat(600_000)}`], // prettier-ignore
    "a tag without end: <policy-violation/> (RFC 6120 §13.12)": ["policy-violation", `<message from='${"x".repeat(600_000)}`], // prettier-ignore
    "a stanza too deep: <policy-violation/> (RFC 6120 §13.12)": ["policy-violation", message("<x>".repeat(100) + "</x>".repeat(100))], // prettier-ignore
    "a thousand attributes: <policy-violation/> (RFC 6120 §13.12)": ["policy-violation", message(`<x ${Array.from({ length: 1000 }, (_, index) => `a${index}=''`).join(" ")}/>`)], // prettier-ignore
    "a comment: <restricted-xml/> (RFC 6120 §11.1)": ["restricted-xml", message("<!-- hush -->")],
    "a processing instruction: <restricted-xml/> (RFC 6120 §11.1)": ["restricted-xml", message("<?php exit; ?>")],
    "a DTD: <restricted-xml/> (RFC 6120 §11.1)": ["restricted-xml", "<!DOCTYPE x [<!ENTITY a 'aaaa'>]>"],
    "an entity of their own: <restricted-xml/> (RFC 6120 §11.1)": ["restricted-xml", message("<body>&lol;</body>")],
    "tags that cross: <not-well-formed/> (RFC 6120 §4.9.3.13)": ["not-well-formed", message("<a><b></a></b>")],
    "bytes that are no UTF-8: <unsupported-encoding/> or worse (RFC 6120 §11.6)": ["(unsupported-encoding|bad-format|not-well-formed)", Buffer.from([0x3c, 0xc3, 0x28, 0xff, 0xfe])], // prettier-ignore
    "a second header: <unsupported-stanza-type/> (RFC 6120 §4.9.3.24)": ["unsupported-stanza-type", `<stream:stream xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams' to='${verona}' version='1.0'></stream:stream>`], // prettier-ignore
  };
  for (const [name, [condition, bytes]] of Object.entries(wrong)) {
    test(name, async () => {
      const puppet = await authenticated();
      puppet.send(bytes);
      puppet.send(siege.intrusion(`romeo@${mantua}`));
      const rest = await puppet.ends();
      assert.match(rest, new RegExp(`^<stream:error><${condition} .*</stream:error></stream:stream>$`));
      await siege.logs("s2s-closed", { remote: mantua, direction: "in", reason: "stream-error" });
      await siege.nobodyElseNotices();
    });
  }
});

test("before any proof, ten thousand bytes are the most: <policy-violation/> (RFC 6120 §13.12)", async () => {
  const puppet = await siege.connect(mantua);
  await puppet.opensInTls();
  puppet.send(`<db:result from='${mantua}' to='${verona}'>${"0".repeat(20_000)}</db:result>`);
  await puppet.endsWith("policy-violation");
  await siege.nobodyElseNotices();
});

describe("who is suddenly gone costs nobody anything:", () => {
  const ways: Readonly<Record<string, (puppet: Puppet) => void>> = {
    "in the middle of a stanza": (puppet) => {
      puppet.send(siege.intrusion(`romeo@${mantua}`).slice(0, -5));
      puppet.finishes();
    },
    "with the end of the stream in the middle of a stanza": (puppet) => {
      puppet.send("<message><body>this-must-reach-nobody</stream:stream>");
    },
    "by a reset": (puppet) => puppet.resets(),
    "with half a connection": (puppet) => puppet.finishes(),
    "in order": (puppet) => puppet.send("</stream:stream>"),
  };
  for (const [name, leave] of Object.entries(ways)) {
    test(name, async () => {
      const puppet = await authenticated();
      leave(puppet);
      await puppet.ends();
      await siege.logs("s2s-closed", { remote: mantua, direction: "in" });
      await siege.nobodyElseNotices();
    });
  }

  test("during the handshake of TLS, by a reset or with bytes that are none of TLS", async () => {
    for (const bytes of ["", "\x16\x03\x01\x02", `<auth/>${"x".repeat(1000)}`]) {
      const puppet = await siege.connect(mantua);
      await puppet.opens();
      puppet.send(`<starttls xmlns='${tls}'/>`);
      await puppet.receives("<proceed");
      if (bytes !== "") puppet.send(Buffer.from(bytes, "latin1"));
      if (!bytes.startsWith("<")) puppet.resets();
      await puppet.ends();
      await siege.logs("s2s-rejected", { remote: mantua });
    }
    await siege.nobodyElseNotices();
  });
});

describe("acknowledgements (XEP-0198)", () => {
  for (const [name, h] of Object.entries({
    "of more than was sent": "h='5'",
    "past all counting": "h='4294967297'",
    "of a number with ten digits": "h='9999999999'",
    "beyond any number": `h='${"9".repeat(400)}'`,
    "below zero": "h='-1'",
    "of no number": "h='many'",
    "without 'h'": "",
  })) {
    test(`${name}: <undefined-condition/> with <handled-count-too-high/> (§4)`, async () => {
      const puppet = await authenticated();
      puppet.send(enable);
      await puppet.receives("<enabled ");
      puppet.send(`<a xmlns='${management}' ${h}/>`);
      assert.match(await puppet.endsWith("undefined-condition"), /<handled-count-too-high /);
      await siege.nobodyElseNotices();
    });
  }

  test("that were never turned on: <unsupported-stanza-type/> (RFC 6120 §4.9.3.24)", async () => {
    for (const element of ["a h='0'", "r", "enabled", "resumed h='0' previd='x'"]) {
      const puppet = await authenticated();
      puppet.send(`<${element} xmlns='${management}'/>`);
      await puppet.endsWith("unsupported-stanza-type");
    }
    await siege.nobodyElseNotices();
  });
});

describe("to go on with a stream of somebody else: <item-not-found/>, and that stream stays (XEP-0198 §5)", () => {
  const thieves: Readonly<Record<string, () => Promise<Puppet>>> = {
    "of another domain": () => authenticated(pisa),
    "of another pair": () => authenticated(mantua, venice),
    "of another domain, with its name in the header": async () => {
      const puppet = await siege.connect(mantua, { identity: siege.identity(pisa) });
      await puppet.opensInTls();
      puppet.send(`<db:result from='${pisa}' to='${verona}'>0123456789abcdef</db:result>`);
      await puppet.receives("type='valid'");
      return puppet;
    },
  };
  for (const [name, enter] of Object.entries(thieves)) {
    test(name, async () => {
      const owner = await authenticated();
      owner.send(enable);
      const previd = (await owner.receives(/<enabled [^>]*id='([^']+)'/))[1] ?? "";
      const thief = await enter();
      thief.send(`<resume xmlns='${management}' h='0' previd='${previd}'/>`);
      await thief.receives(/<failed [^>]*><item-not-found /);
      owner.send(`${message("<body>I am here still</body>")}<r xmlns='${management}'/>`);
      await siege.juliet.receives("I am here still");
      await owner.receives(`<a xmlns='${management}' h='1'/>`);
      owner.vanishes();
      thief.vanishes();
      await siege.nobodyElseNotices();
    });
  }

  test("with a number too high, the own one: <undefined-condition/>, and it is forgotten", async () => {
    const owner = await authenticated();
    owner.send(enable);
    const previd = (await owner.receives(/<enabled [^>]*id='([^']+)'/))[1] ?? "";
    const resume = (h: number): string => `<resume xmlns='${management}' h='${h}' previd='${previd}'/>`;
    const second = await authenticated();
    second.send(resume(7));
    await second.endsWith("undefined-condition");
    await owner.endsWith("conflict");
    const third = await authenticated();
    third.send(resume(0));
    await third.receives(/<failed [^>]*><item-not-found /);
    await siege.nobodyElseNotices();
  });
});
