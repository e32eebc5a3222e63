// Servers that connect to us and are not who they say, or say what they may not: they learn it, and nothing gets through.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { signItself, type Wishes } from "../net/support/authority.js";
import { besieged, verona } from "../s2s/support/besieged.js";
import { type Puppet, sasl } from "../s2s/support/puppet.js";

const siege = besieged();
const mantua = "mantua.example";
const day = 86_400_000;

/** A stream that Mantua has opened, and on which it has proved itself. */
async function authenticated(): Promise<Puppet> {
  const puppet = await siege.connect(mantua);
  await puppet.authenticates();
  return puppet;
}

test("what is said with right gets through", async () => {
  const puppet = await authenticated();
  puppet.send(`<message from='romeo@${mantua}' to='juliet@${verona}'><body>O, speak again</body></message>`);
  await siege.juliet.receives("<body>O, speak again</body>");
  await siege.logs("s2s-accepted", { remote: mantua, local: verona, theyProved: "certificate" });
  await siege.nobodyElseNotices();
});

describe("on a stream with proof, a stanza", () => {
  const stanzas: Readonly<Record<string, readonly [condition: string, from: string, to: string]>> = {
    "from another domain: <invalid-from/> (RFC 6120 §8.1.2.2)": ["invalid-from", "romeo@pisa.example", `juliet@${verona}`], // prettier-ignore
    "from a subdomain: <invalid-from/> (RFC 6120 §8.1.2.2)": ["invalid-from", `romeo@tomb.${mantua}`, `juliet@${verona}`], // prettier-ignore
    "from a domain of ours: <invalid-from/> (RFC 6120 §8.1.2.2)": ["invalid-from", `benvolio@${verona}`, `juliet@${verona}`], // prettier-ignore
    "to a domain that is not ours: <host-unknown/> (RFC 6120 §4.9.3.6)": ["host-unknown", `romeo@${mantua}`, "duke@milan.example"], // prettier-ignore
    "to their own domain: <host-unknown/> (RFC 6120 §4.9.3.6)": ["host-unknown", `romeo@${mantua}`, `x@${mantua}`],
  };
  for (const [name, [condition, from, to]] of Object.entries(stanzas)) {
    test(name, async () => {
      const puppet = await authenticated();
      puppet.send(siege.intrusion(from, to) + siege.intrusion(`romeo@${mantua}`));
      await puppet.endsWith(condition);
      await siege.logs("s2s-forged", { from: from.replace(/.*@/, ""), to: to.replace(/.*@/, "") });
      await siege.nobodyElseNotices();
    });
  }

  for (const [missing, head] of [
    ["from", `to='juliet@${verona}'`],
    ["to", `from='romeo@${mantua}'`],
  ] as const) {
    test(`without '${missing}': <improper-addressing/> (RFC 6120 §4.9.3.7)`, async () => {
      const puppet = await authenticated();
      puppet.send(`<message ${head}><body/></message>`);
      await puppet.endsWith("improper-addressing");
      await siege.nobodyElseNotices();
    });
  }
});

describe("before any proof, a stanza gets <not-authorized/> (RFC 6120 §4.9.3.12)", () => {
  const streams: Readonly<Record<string, (puppet: Puppet) => Promise<unknown>>> = {
    "in clear": (puppet) => puppet.opens(),
    "in TLS": (puppet) => puppet.opensInTls(),
    "once both ways were asked for (XEP-0288 §2.2)": async (puppet) => {
      await puppet.opensInTls();
      puppet.send("<bidi xmlns='urn:xmpp:bidi'/>");
    },
  };
  for (const [name, open] of Object.entries(streams)) {
    test(name, async () => {
      const puppet = await siege.connect(mantua);
      await open(puppet);
      puppet.send(siege.intrusion(`romeo@${mantua}`));
      await puppet.endsWith("not-authorized");
      await siege.logs("s2s-rejected", { remote: mantua, reason: "stream-error" });
      await siege.nobodyElseNotices();
    });
  }
});

describe("a header", () => {
  const headers: Readonly<Record<string, readonly [condition: string, from: string, to: string]>> = {
    "to a domain that is not ours: <host-unknown/> (RFC 6120 §4.9.3.6)": ["host-unknown", mantua, "milan.example"],
    "from a domain of ours: <invalid-from/> (RFC 6120 §4.9.3.9)": ["invalid-from", verona, verona],
    "from a user: <invalid-from/> (RFC 6120 §4.9.3.9)": ["invalid-from", `romeo@${mantua}`, verona],
    "from what is no domain: <invalid-from/> (RFC 6120 §4.9.3.9)": ["invalid-from", "@@", verona],
  };
  for (const [name, [condition, from, to]] of Object.entries(headers)) {
    test(name, async () => {
      const puppet = await siege.connect(mantua);
      puppet.send(puppet.header("", { from, to }));
      await puppet.endsWith(condition);
      await siege.logs("s2s-rejected", { reason: "stream-error" });
      await siege.nobodyElseNotices();
    });
  }

  test("from another domain once the certificate was believed: <invalid-from/> (RFC 6120 §4.9.3.9)", async () => {
    const puppet = await siege.connect(mantua);
    await puppet.opensInTls();
    puppet.send(`<auth xmlns='${sasl}' mechanism='EXTERNAL'>=</auth>`);
    await puppet.receives("<success");
    puppet.send(puppet.header("", { from: "pisa.example", to: verona }));
    await puppet.endsWith("invalid-from");
    await siege.nobodyElseNotices();
  });
});

describe("a certificate", () => {
  const certificates: Readonly<Record<string, readonly [reason: string, wishes: Wishes | "none" | "self-signed"]>> = {
    "for another name": ["certificate-wrong-name", { dns: ["pisa.example"] }],
    "that has expired": ["certificate-expired", { dns: [mantua], notAfter: Date.now() - day }],
    "of the future": ["certificate-not-yet-valid", { dns: [mantua], notBefore: Date.now() + day }],
    "that nobody vouches for": ["certificate-untrusted", "self-signed"],
    "that is not shown": ["certificate-missing", "none"],
  };
  for (const [name, [reason, wishes]] of Object.entries(certificates)) {
    test(`${name} proves nothing, by EXTERNAL nor by dialback (XEP-0178 §3, XEP-0344 §2.4)`, async () => {
      const puppet = await siege.connect(mantua, { identity: identityOf(wishes) });
      const features = await puppet.opensInTls();
      assert.doesNotMatch(features, /EXTERNAL/);
      puppet.send(`<auth xmlns='${sasl}' mechanism='EXTERNAL'>=</auth>`);
      await puppet.receives(/<failure [^>]*><invalid-mechanism\/><\/failure>/);
      puppet.send(`<db:result from='${mantua}' to='${verona}'>0123456789abcdef</db:result>`);
      await puppet.receives(/<db:result [^>]*type='error'><error type='auth'><not-authorized /);
      await siege.logs("s2s-refused", { remote: mantua, reason });
      puppet.send(siege.intrusion(`romeo@${mantua}`));
      await puppet.endsWith("not-authorized");
      await siege.logs("s2s-rejected", { remote: mantua, reason });
      await siege.nobodyElseNotices();
    });
  }

  function identityOf(wishes: Wishes | "none" | "self-signed"): ReturnType<typeof signItself> | undefined {
    if (wishes === "none") return undefined;
    return wishes === "self-signed" ? signItself({ dns: [mantua] }) : siege.issue(wishes);
  }
});

test("EXTERNAL for another domain than that of the header: <invalid-authzid/>, the third time <policy-violation/> (RFC 6120 §6.5.6)", async () => {
  const puppet = await siege.connect(mantua, { identity: siege.identity(mantua, "pisa.example") });
  await puppet.opensInTls();
  const identity = Buffer.from("pisa.example").toString("base64");
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    puppet.send(`<auth xmlns='${sasl}' mechanism='EXTERNAL'>${identity}</auth>`);
    await puppet.receives(/<failure [^>]*><invalid-authzid\/><\/failure>/);
  }
  await puppet.endsWith("policy-violation");
  await siege.nobodyElseNotices();
});

test("what only the other side may say ends the stream: <unsupported-stanza-type/> (RFC 6120 §4.9.3.24)", async () => {
  for (const unasked of [
    "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
    `<success xmlns='${sasl}'/>`,
    "<stream:features/>",
    "<enabled xmlns='urn:xmpp:sm:3' id='x' resume='true'/>",
    "<resumed xmlns='urn:xmpp:sm:3' h='0' previd='x'/>",
    "<a xmlns='urn:xmpp:sm:3' h='0'/>",
  ]) {
    const puppet = await siege.connect(mantua);
    await puppet.opensInTls();
    puppet.send(unasked + siege.intrusion(`romeo@${mantua}`));
    await puppet.endsWith("unsupported-stanza-type");
  }
  await siege.nobodyElseNotices();
});
