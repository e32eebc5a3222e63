// Stanzas of every kind, type, address and content that the grammar allows: no fault of ours, nobody cut off, all alive.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { playServer } from "../support/play-server.js";

const types = {
  message: ["chat", "normal", "headline", "groupchat", "error", "shout", ""],
  presence: ["unavailable", "subscribe", "subscribed", "unsubscribe", "unsubscribed", "probe", "error", "asleep", ""],
  iq: ["get", "set", "result", "error", "ask", ""],
} as const;

const addresses = [
  undefined,
  "",
  "verona.example",
  "verona.example/",
  "verona.example/x",
  "romeo@verona.example",
  "romeo@verona.example/orchard",
  "romeo@verona.example/none",
  "juliet@verona.example",
  "juliet@verona.example/balcony",
  "JULIET@VERONA.example/balcony",
  "nobody@verona.example",
  "nobody@verona.example/x",
  "romeo@mantua.example",
  "mantua.example",
  "@@",
  "a@b@c",
  "xn--a.example",
  "[::1]",
  "127.0.0.1",
  "\u{1f339}@verona.example/\u{1f339}",
] as const;

const namespaces = [
  "jabber:client",
  "jabber:iq:roster",
  "jabber:iq:private",
  "jabber:iq:register",
  "jabber:iq:version",
  "jabber:iq:last",
  "jabber:x:data",
  "urn:xmpp:ping",
  "urn:xmpp:time",
  "urn:xmpp:delay",
  "http://jabber.org/protocol/disco#info",
  "http://jabber.org/protocol/disco#items",
  "http://jabber.org/protocol/chatstates",
  "http://jabber.org/protocol/caps",
  "urn:ietf:params:xml:ns:xmpp-stanzas",
  "urn:ietf:params:xml:ns:xmpp-bind",
  "urn:ietf:params:xml:ns:xmpp-sasl",
  "urn:xmpp:hints",
  "",
] as const;
const names = [
  "query",
  "item",
  "body",
  "priority",
  "show",
  "status",
  "error",
  "ping",
  "time",
  "bind",
  "x",
  "c",
  "delay",
  "group",
  "username",
  "password",
  "field",
  "value",
  "store",
  "no-store",
] as const;
const values = ["", "romeo@verona.example", "juliet@verona.example", "remove", "both", "0", "-1", "999999999999", "none", "from", "2026-01-01T00:00:00Z", "&lt;&amp;&#10;", "\u{1f339}", "@@", "submit", "jabber:iq:register"] as const; // prettier-ignore
const attributes = [
  "jid",
  "name",
  "subscription",
  "ver",
  "node",
  "type",
  "to",
  "from",
  "stamp",
  "hash",
  "ask",
  "approved",
  "var",
  "id",
] as const;

interface Tree {
  readonly name: string;
  readonly namespace: string | undefined;
  readonly attributes: readonly (readonly [string, string])[];
  readonly content: readonly (Tree | string)[];
}

const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.record({
    name: fc.constantFrom(...names),
    namespace: fc.option(fc.constantFrom(...namespaces), { nil: undefined }),
    attributes: fc.uniqueArray(fc.tuple(fc.constantFrom(...attributes), fc.constantFrom(...values)), {
      maxLength: 3,
      selector: ([name]) => name,
    }),
    content: fc.array(fc.oneof({ maxDepth: 4 }, fc.constantFrom(...values), tie("tree")), { maxLength: 3 }),
  }),
}));

const stanza = fc.constantFrom("message" as const, "presence" as const, "iq" as const).chain((kind) =>
  fc.record({
    kind: fc.constant(kind),
    type: fc.constantFrom(...types[kind]),
    to: fc.constantFrom(...addresses),
    id: fc.option(fc.constantFrom("", "1", "ping-1", "s1", "push-1", "\u{1f339}"), { nil: undefined }),
    content: fc.array(tree, { maxLength: 3 }),
  }),
);

function written({ name, namespace, attributes: pairs, content }: Tree): string {
  const declared = namespace === undefined ? "" : ` xmlns='${namespace}'`;
  const inside = content.map((part) => (typeof part === "string" ? part : written(part))).join("");
  return `<${name}${declared}${pairs.map(([key, value]) => ` ${key}='${value}'`).join("")}>${inside}</${name}>`;
}

test("a storm of stanzas finds no fault of ours", async (context) => {
  const play = await playServer(context);
  await play.befriend("romeo", "juliet");
  const romeo = await play.enter("romeo", "orchard");
  const juliet = await play.enter("juliet", "balcony");
  let read = [0, 0];
  const storm = fc.asyncProperty(fc.array(stanza, { minLength: 1, maxLength: 10 }), async (stanzas) => {
    for (const { kind, type, to, id, content } of stanzas) {
      const head = `${type === "" ? "" : ` type='${type}'`}${to === undefined ? "" : ` to='${to}'`}${id === undefined ? "" : ` id='${id}'`}`;
      romeo.send(`<${kind}${head}>${content.map(written).join("")}</${kind}>`);
    }
    await romeo.makesRoundTrip();
    await juliet.makesRoundTrip();
    const come = [romeo, juliet].flatMap(({ unexpected }, index) => unexpected.slice(read[index]).map(String));
    read = [romeo.unexpected.length, juliet.unexpected.length];
    const faults = come.filter((text) => text.includes("internal-server-error"));
    assert.deepEqual([...faults, ...play.errors], []);
  });
  await fc.assert(storm, { numRuns: 500, includeErrorInReport: true });
  assert.ok(!romeo.hasEnded && !juliet.hasEnded);
});
