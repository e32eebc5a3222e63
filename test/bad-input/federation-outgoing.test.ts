// Servers that we connect to and that answer wrongly: the stream ends, what waits is tried again, or goes back with a reason.
import assert from "node:assert/strict";
import { createServer, type AddressInfo } from "node:net";
import { once } from "node:events";
import { describe, test } from "node:test";
import { signItself } from "../net/support/authority.js";
import { besieged, verona } from "../s2s/support/besieged.js";
import { management, type Puppet, sasl } from "../s2s/support/puppet.js";

const mantua = "mantua.example";
const siege = besieged({ [mantua]: "" }, "[servers]\nback_off = '100ms'\nback_off_limit = '1s'\nnegotiation_timeout = '1s'\n"); // prettier-ignore
const external = `<mechanisms xmlns='${sasl}'><mechanism>EXTERNAL</mechanism></mechanisms>`;
const bidi = "<bidi xmlns='urn:xmpp:features:bidi'/>";
const sm = `<sm xmlns='${management}'/>`;
const success = `<success xmlns='${sasl}'/>`;
const features = "<stream:features/>";
let written = 0;

/** Juliet writes to Mantua; the connection that Verona makes for it. */
async function called(): Promise<Puppet> {
  siege.juliet.send(`<message to='romeo@${mantua}' type='chat'><body>letter ${(written += 1)}</body></message>`);
  return siege.peer(mantua).accept();
}

/** The next connection is as it should be: what waited arrives, and users are well. */
async function comesAgain(): Promise<void> {
  const puppet = await siege.peer(mantua).accept();
  await puppet.believes("");
  await puppet.receives(`<body>letter ${written}</body>`);
  puppet.send("</stream:stream>");
  await puppet.ends();
  await siege.nobodyElseNotices();
}

describe("who answers wrongly is left, and tried again:", () => {
  const plays: Readonly<
    Record<string, readonly [condition: string, reason: string, (puppet: Puppet) => Promise<unknown> | void]>
  > = {
    "<proceed/> unasked (RFC 6120 §4.9.3.24)": ["unsupported-stanza-type", "stream-error", (puppet) => answer(puppet, "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")], // prettier-ignore
    "<success/> unasked (RFC 6120 §4.9.3.24)": ["unsupported-stanza-type", "stream-error", (puppet) => answer(puppet, success)], // prettier-ignore
    "<resumed/> unasked (RFC 6120 §4.9.3.24)": ["unsupported-stanza-type", "stream-error", (puppet) => answer(puppet, `<resumed xmlns='${management}' h='0' previd='x'/>`)], // prettier-ignore
    "<enabled/> unasked (RFC 6120 §4.9.3.24)": ["unsupported-stanza-type", "stream-error", (puppet) => answer(puppet, `<enabled xmlns='${management}' id='x' resume='true'/>`)], // prettier-ignore
    "features twice (RFC 6120 §4.9.3.24)": ["unsupported-stanza-type", "stream-error", async (puppet) => { await puppet.isOpenedInTls(external); puppet.send(features); }], // prettier-ignore
    "a stanza before authentication (RFC 6120 §4.9.3.24)": ["unsupported-stanza-type", "stream-error", async (puppet) => { await puppet.isOpenedInTls(external + bidi); puppet.send(siege.intrusion(`romeo@${mantua}`)); }], // prettier-ignore
    "features without end (RFC 6120 §13.12)": ["policy-violation", "stream-error", (puppet) => answer(puppet, `<stream:features>${"<x/>".repeat(5000)}`)], // prettier-ignore
    "features too deep (RFC 6120 §13.12)": ["policy-violation", "stream-error", (puppet) => answer(puppet, `<stream:features>${"<x>".repeat(100)}`)], // prettier-ignore
    "a comment (RFC 6120 §11.1)": ["restricted-xml", "stream-error", (puppet) => answer(puppet, "<!-- -->")],
    "a DTD (RFC 6120 §11.1)": ["restricted-xml", "stream-not-xmpp", (puppet) => puppet.send("<!DOCTYPE html><html>")],
    "features that never come": ["connection-timeout", "stream-timeout", (puppet) => answer(puppet, "<stream:features>")], // prettier-ignore
    "nothing at all": ["connection-timeout", "stream-timeout", () => undefined],
    HTTP: ["not-well-formed", "stream-not-xmpp", (puppet) => puppet.send("HTTP/1.1 400 Bad Request\r\n\r\n")],
    SSH: ["not-well-formed", "stream-not-xmpp", (puppet) => puppet.send("SSH-2.0-OpenSSH_9.6\r\n")],
    SMTP: ["not-well-formed", "stream-not-xmpp", (puppet) => puppet.send("220 mail.mantua.example ESMTP\r\n")],
  };
  for (const [name, [condition, reason, play]] of Object.entries(plays)) {
    test(`${name}: <${condition}/>`, async () => {
      const puppet = await called();
      await play(puppet);
      assert.match(await puppet.ends(), new RegExp(`<stream:error><${condition} .*</stream:error></stream:stream>$`));
      await siege.logs("s2s-failed", { local: verona, remote: mantua, reason });
      await comesAgain();
    });
  }

  const breaks: Readonly<Record<string, readonly [reason: string, (puppet: Puppet) => Promise<void> | void]>> = {
    "a reset": ["connection-lost", async (puppet) => { await answer(puppet, ""); puppet.resets(); }], // prettier-ignore
    "the end in the middle of the features": ["connection-lost", async (puppet) => { await answer(puppet, "<stream:feat"); puppet.finishes(); }], // prettier-ignore
    "a reset during TLS": [
      "tls-failed",
      async (puppet) => {
        await proceed(puppet);
        puppet.resets();
      },
    ],
    "no TLS after <proceed/>": ["tls-failed", async (puppet) => { await proceed(puppet); await puppet.receives("\x16"); puppet.send("HTTP/1.1 400"); }], // prettier-ignore
    "<proceed/> and then silence": ["stream-timeout", proceed],
  };
  for (const [name, [reason, play]] of Object.entries(breaks)) {
    test(`${name}: ${reason}`, async () => {
      const puppet = await called();
      await play(puppet);
      await siege.logs("s2s-failed", { local: verona, remote: mantua, reason });
      await comesAgain();
    });
  }
});

async function answer(puppet: Puppet, text: string): Promise<void> {
  await puppet.receives(/<stream:stream [^>]*>/);
  puppet.send(puppet.header("id='stream-1'") + text);
}

async function proceed(puppet: Puppet): Promise<void> {
  await puppet.isOpened("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
  await puppet.receives("<starttls");
  puppet.send("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
}

test("who answers as another domain is judged by the certificate, and may not send for that domain (RFC 6120 §4.7.1)", async () => {
  const puppet = await called();
  await puppet.isOpenedInTls(external + bidi, "id='stream-1'", { from: "pisa.example", to: verona });
  await puppet.receives("<auth");
  puppet.send(success);
  await puppet.isOpened("", "id='stream-2'", { from: "pisa.example", to: verona });
  await puppet.receives(`<body>letter ${written}</body>`);
  puppet.send(siege.intrusion("fibonacci@pisa.example"));
  await puppet.endsWith("invalid-from");
  await siege.logs("s2s-forged", { from: "pisa.example" });
  await siege.nobodyElseNotices();
});

describe("who has been believed", () => {
  const lies: Readonly<
    Record<string, readonly [condition: string, offers: string, (puppet: Puppet) => Promise<void> | void]>
  > = {
    // prettier-ignore
    "and was given both ways sends for another domain: <invalid-from/> (RFC 6120 §8.1.2.2)": ["invalid-from", bidi, (puppet) => puppet.send(siege.intrusion("fibonacci@pisa.example"))], // prettier-ignore
    "and was given both ways sends to another domain: <host-unknown/> (RFC 6120 §4.9.3.6)": ["host-unknown", bidi, (puppet) => puppet.send(siege.intrusion(`romeo@${mantua}`, "x@milan.example"))], // prettier-ignore
    "and was not given both ways sends all the same: <invalid-from/> (RFC 6120 §8.1.2.2)": ["invalid-from", "", (puppet) => puppet.send(siege.intrusion(`romeo@${mantua}`))], // prettier-ignore
    "acknowledges more than was sent: <undefined-condition/> (XEP-0198 §4)": ["undefined-condition", sm, async (puppet) => { await enabled(puppet); puppet.send(`<a xmlns='${management}' h='77'/>`); }], // prettier-ignore
    "turns acknowledgements on twice: <unsupported-stanza-type/> (RFC 6120 §4.9.3.24)": ["unsupported-stanza-type", sm, async (puppet) => { await enabled(puppet); await enabled(puppet, false); }], // prettier-ignore
    "takes acknowledgements back: <unsupported-stanza-type/> (RFC 6120 §4.9.3.24)": ["unsupported-stanza-type", sm, async (puppet) => { await enabled(puppet); puppet.send(`<failed xmlns='${management}'/>`); }], // prettier-ignore
  };
  for (const [name, [condition, offers, play]] of Object.entries(lies)) {
    test(name, async () => {
      const puppet = await called();
      await puppet.believes(offers.replace(bidi, ""), offers === bidi ? bidi : "");
      await puppet.receives(`<body>letter ${written}</body>`);
      await play(puppet);
      await puppet.endsWith(condition);
      await siege.logs("s2s-closed", { remote: mantua, direction: "out", reason: "stream-error" });
      await siege.nobodyElseNotices();
    });
  }

  async function enabled(puppet: Puppet, isAsked = true): Promise<void> {
    if (isAsked) assert.match(puppet.heard, /<enable /);
    puppet.send(`<enabled xmlns='${management}'/>`);
    return Promise.resolve();
  }
});

describe("a letter goes back at once, with the reason,", () => {
  test("where the certificate is another's (RFC 6120 §13.7.2, §8.3.3.17)", async () => {
    for (const identity of [siege.identity("pisa.example"), signItself({ dns: [mantua] })]) {
      await siege.forgive(mantua);
      siege.juliet.send(`<message to='romeo@${mantua}' type='chat'><body>x</body></message>`);
      const puppet = await siege.peer(mantua).accept({ identity });
      await puppet.isOpenedInTls(external);
      const [, code] = await siege.juliet.receives(/<message[^>]* type='error'.*?<remote-server-timeout .*?\((certificate-[a-z-]+)\)/); // prettier-ignore
      await siege.logs("s2s-failed", { remote: mantua, reason: code });
    }
    await siege.forgive(mantua);
    await siege.nobodyElseNotices();
  });

  test("where DNS leads to our own server (RFC 6120 §4.9.3.6, §8.3.3.16)", async () => {
    await leadsTo("mirror.example", siege.server.port("s2s"));
    await siege.juliet.receives(/from='x@mirror.example'.*?<remote-server-not-found .*?\(host-unknown\)/);
    await siege.logs("s2s-failed", { remote: "mirror.example", reason: "host-unknown" });
    await siege.logs("s2s-rejected", { reason: "stream-error" });
    await siege.nobodyElseNotices();
  });
});

/** Juliet writes to a domain whose SRV record names this port of loopback. */
async function leadsTo(domain: string, port: number): Promise<void> {
  siege.nameServer.serve([`_xmpp-server._tcp.${domain} SRV 0 0 ${port} here.${domain}`, `here.${domain} A 127.0.0.1`]);
  siege.juliet.send(`<message to='x@${domain}' type='chat'><body>x</body></message>`);
  return Promise.resolve();
}

test("where DNS leads to a server of another protocol, that is what the log says", async (t) => {
  const mail = createServer((socket) => socket.on("error", () => undefined).end("220 mail.lucca.example ESMTP\r\n"));
  mail.listen(0, "127.0.0.1");
  await once(mail, "listening");
  t.after(() => mail.close());
  await leadsTo("lucca.example", (mail.address() as AddressInfo).port);
  await siege.logs("s2s-failed", { remote: "lucca.example", reason: "stream-not-xmpp" });
  await siege.nobodyElseNotices();
});
