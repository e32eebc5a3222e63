// The stanza trace: who looks on sees structure and outcome, never what people wrote.
import assert from "node:assert/strict";
import { test } from "node:test";
import { elideText } from "../../src/observability/elide-text.js";
import { Trace, type TracedStanza, type TraceEvent } from "../../src/observability/trace.js";

function stanza(from: string, to: string, content = "<body>wherefore</body>"): TracedStanza {
  return { kind: "message", from, to, toXml: () => `<message to='${to}'>${content}</message>` };
}

const letter = stanza("romeo@verona.example/orchard", "juliet@verona.example");

async function rest(events: AsyncIterable<TraceEvent>): Promise<TraceEvent[]> {
  const all: TraceEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

test("nobody looks on: nothing is active", () => {
  const trace = new Trace();
  assert.equal(trace.isActive, false);
  const looking = trace.subscribe("juliet@verona.example");
  assert.equal(trace.isActive, true);
  looking.close();
  assert.equal(trace.isActive, false);
});

test("a stanza's road is seen, its text is not", async () => {
  const trace = new Trace(() => 1595);
  const looking = trace.subscribe("juliet@verona.example");
  trace.received(letter, "romeo@verona.example/orchard");
  trace.stage(letter, "guard", "blocking", "refused: service-unavailable");
  trace.sent(stanza("verona.example", "juliet@verona.example/balcony", "<body/>"), "juliet@verona.example/balcony");
  looking.close();
  const events = await rest(looking);
  assert.deepEqual(events[1], {
    time: 1595,
    direction: "through",
    kind: "message",
    from: "romeo@verona.example/orchard",
    to: "juliet@verona.example",
    stage: "guard",
    extension: "blocking",
    outcome: "refused: service-unavailable",
    xml: "<message to='juliet@verona.example'><body>[9 characters]</body></message>",
    dropped: 0,
  });
  assert.deepEqual(events.map(({ direction }) => direction), ["in", "through", "out"]); // prettier-ignore
});

test("each sees what concerns their address: an account, one resource, a domain", async () => {
  const trace = new Trace();
  const wanted = ["juliet@verona.example", "romeo@verona.example/orchard", "verona.example", "romeo@verona.example/tomb", "example", "liet@verona.example"]; // prettier-ignore
  const lookers = wanted.map((address) => trace.subscribe(address));
  trace.received(letter);
  lookers.forEach((each) => each.close());
  const counts = await Promise.all(lookers.map(async (each) => (await rest(each)).length));
  assert.deepEqual(counts, [1, 1, 1, 0, 0, 0]);
});

test("a slow onlooker loses events, and is told how many", async () => {
  const trace = new Trace();
  const looking = trace.subscribe("juliet@verona.example", 2);
  for (let count = 0; count < 5; count++) trace.received(letter);
  const dropped = [(await looking.next()).value?.dropped, (await looking.next()).value?.dropped];
  trace.received(letter);
  dropped.push((await looking.next()).value?.dropped);
  assert.deepEqual(dropped, [0, 0, 3]);
});

test("an onlooker who waits gets the next event, or the end", async () => {
  const trace = new Trace();
  const looking = trace.subscribe("verona.example");
  const next = looking.next();
  trace.received(letter);
  assert.equal((await next).value?.direction, "in");
  const end = looking.next();
  await looking.return();
  assert.deepEqual(await end, { done: true, value: undefined });
});

test("text is left out wherever it stands; attributes with angle brackets do no harm", () => {
  const cases = [
    ["<m a='x > y'>love<i>s</i>\n</m>", "<m a='x > y'>[4 characters]<i>[1 characters]</i>\n</m>"],
    ["<body><![CDATA[<love>]]></body>", "<body>[18 characters]</body>"],
    ["<presence><show>away</show><status>in love</status><priority>5</priority></presence>", "<presence><show>away</show><status>[7 characters]</status><priority>5</priority></presence>"], // prettier-ignore
    ["<showy>x</showy>", "<showy>[1 characters]</showy>"],
  ];
  for (const [xml, expected] of cases) assert.equal(elideText(xml ?? ""), expected);
  assert.equal(elideText(`<m>${"<x/>".repeat(5000)}</m>`).length, 4097);
});
