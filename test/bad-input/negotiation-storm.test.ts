// Everything that belongs to negotiation, in any order and any number: no fault of ours, and nobody gets in by it.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { FakeTransport } from "../support/fake-transport.js";
import { playServer } from "../support/play-server.js";

const sasl = "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'";
const bind = "xmlns='urn:ietf:params:xml:ns:xmpp-bind'";
const base64 = (text: string): string => Buffer.from(text).toString("base64");
const header =
  "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='verona.example' version='1.0'>";
const opening = "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='verona.example' version='1.0'/>";

const pieces = [
  header,
  opening,
  "<?xml version='1.0'?>",
  "</stream:stream>",
  "<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>",
  "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
  `<auth ${sasl} mechanism='PLAIN'>${base64("\0romeo\0wrong")}</auth>`,
  `<auth ${sasl} mechanism='PLAIN'/>`,
  `<auth ${sasl} mechanism='SCRAM-SHA-256'>${base64("n,,n=romeo,r=abc")}</auth>`,
  `<auth ${sasl} mechanism='SCRAM-SHA-1'>${base64("y,,n=nobody,r=abc")}</auth>`,
  `<auth ${sasl} mechanism='ANONYMOUS'/>`,
  `<auth ${sasl} mechanism='EXTERNAL'>=</auth>`,
  `<auth ${sasl}>&lt;</auth>`,
  `<response ${sasl}>${base64("c=biws,r=abc,p=AAAA")}</response>`,
  `<response ${sasl}/>`,
  `<response ${sasl}>=</response>`,
  `<abort ${sasl}/>`,
  `<success ${sasl}/>`,
  `<iq type='set' id='b'><bind ${bind}><resource>orchard</resource></bind></iq>`,
  `<iq xmlns='jabber:client' type='set' id='b'><bind ${bind}/></iq>`,
  "<iq type='get' id='r'><query xmlns='jabber:iq:register'/></iq>",
  "<iq type='set' id='r'><query xmlns='jabber:iq:register'><username>x</username><password>y</password></query></iq>",
  "<message/>",
  "<presence/>",
  "<stream:features/>",
  "<stream:error/>",
  " ",
  "&",
] as const;

const play = fc.record({
  kind: fc.constantFrom("tcp" as const, "websocket" as const),
  isTrusted: fc.boolean(),
  said: fc.array(fc.constantFrom(...pieces), { maxLength: 12 }),
  // What is sent in one go, and what after an answer.
  isPatient: fc.boolean(),
  opensProperly: fc.boolean(),
});

test("a storm of negotiation finds no fault of ours and lets nobody in", async (context) => {
  const stage = await playServer(context);
  const juliet = await stage.enter("juliet");
  const storm = fc.asyncProperty(play, async ({ kind, isTrusted, said, isPatient, opensProperly }) => {
    let heard = "";
    let hasEnded = false;
    const end = { received: (text: string) => void (heard += text), closed: () => void (hasEnded = true) };
    const transport = new FakeTransport(end, { kind, isTrusted });
    stage.clients.accept(transport);
    for (const piece of [...(opensProperly ? [kind === "tcp" ? header : opening] : []), ...said]) {
      if (!hasEnded) transport.clientWrites(piece);
      if (isPatient) await juliet.makesRoundTrip();
    }
    await juliet.makesRoundTrip();
    assert.doesNotMatch(heard, /<success|<jid>|internal-server-error/);
    assert.deepEqual(stage.errors, []);
    if (!hasEnded) transport.clientVanishes();
  });
  await fc.assert(storm, { numRuns: 500, includeErrorInReport: true });
  await juliet.makesRoundTrip();
});
