// Every IQ request is answered once, whoever it goes to and whatever it asks (RFC 6120 §8.2.3).
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Client } from "../support/client.js";
import { playServer } from "../support/play-server.js";

const payloads = [
  "<ping xmlns='urn:xmpp:ping'/>",
  "<query xmlns='jabber:iq:version'/>",
  "<time xmlns='urn:xmpp:time'/>",
  "<query xmlns='jabber:iq:last'/>",
  "<query xmlns='http://jabber.org/protocol/disco#info'/>",
  "<query xmlns='http://jabber.org/protocol/disco#items' node='?'/>",
  "<query xmlns='jabber:iq:roster'/>",
  "<query xmlns='jabber:iq:roster' ver='0'/>",
  "<query xmlns='jabber:iq:roster'><item jid='nurse@verona.example' name='n'/></query>",
  "<query xmlns='jabber:iq:roster'><item jid='nurse@verona.example' subscription='remove'/></query>",
  "<query xmlns='jabber:iq:roster'><item/></query>",
  "<query xmlns='jabber:iq:private'><a xmlns='urn:example:a'/></query>",
  "<query xmlns='jabber:iq:private'/>",
  "<query xmlns='jabber:iq:register'/>",
  "<query xmlns='jabber:iq:register'><username>x</username></query>",
  "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>",
  "<session xmlns='urn:ietf:params:xml:ns:xmpp-session'/>",
  "<unknown xmlns='urn:example:unknown'/>",
  "<unknown xmlns=''/>",
] as const;
const addresses = [
  undefined,
  "verona.example",
  "verona.example/x",
  "romeo@verona.example",
  "romeo@verona.example/orchard",
  "romeo@verona.example/elsewhere",
  "juliet@verona.example",
  "juliet@verona.example/orchard",
  "nobody@verona.example",
  "nobody@verona.example/x",
  "mantua.example",
  "@@",
] as const;
const users = ["romeo", "juliet", "nurse"] as const;

const request = fc.record({
  user: fc.constantFrom(...users),
  type: fc.constantFrom("get" as const, "set" as const),
  payload: fc.constantFrom(...payloads),
  to: fc.constantFrom(...addresses),
});

/** Answers every request that comes, by a result or by an error, until the stream ends; counts answers nobody asked for. */
async function answers(client: Client): Promise<number> {
  let surplus = 0;
  for (let isOpen = true; isOpen;) {
    const stanza = await client.next().catch(() => undefined); // at the end of the play
    isOpen = stanza !== undefined && !client.hasEnded;
    if (stanza === undefined || stanza.getName() !== "iq") continue;
    const { type, id, from } = stanza.attrs as Record<string, string>;
    if (type === "result" || type === "error") surplus += 1;
    else if (from !== undefined)
      client.send(`<iq type='${id?.length === 5 ? "error" : "result"}' id='${id}' to='${from}'/>`);
  }
  return surplus;
}

test("in a storm of requests to everywhere, each gets one answer", async (context) => {
  const play = await playServer(context);
  await play.befriend("romeo", "juliet");
  const clients = new Map<string, Client>();
  for (const user of users) clients.set(user, await play.enter(user));
  const surplus = [...clients.values()].map(answers);
  const storm = fc.asyncProperty(fc.array(request, { maxLength: 120 }), async (requests) => {
    const all = requests.map(({ user, type, payload, to }) =>
      (clients.get(user) ?? assert.fail()).asks(type, payload, to),
    );
    for (const answer of await Promise.all(all)) assert.match(String(answer.attrs["type"]), /^(result|error)$/);
  });
  await fc.assert(storm, { numRuns: 40 });
  await play.settle();
  for (const client of clients.values()) client.send("</stream:stream>");
  assert.deepEqual(await Promise.all(surplus), [0, 0, 0]);
});
