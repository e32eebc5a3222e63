// The stages on the way from and to an account (ARCHITECTURE §5): their order, what they may do, and what they may not break.
import assert from "node:assert/strict";
import { test } from "node:test";
import { extension, StanzaError, withAppended, xml } from "../../src/extension/index.js";
import { conditionOf } from "../support/client.js";
import { playServer } from "../support/play-server.js";

const JULIET = "juliet@verona.example";
const stageNames = ["notify", "copy", "archive", "guard", "stamp"] as const; // registered the wrong way round
const message = (id: string, to = JULIET): string =>
  `<message to='${to}' id='${id}' type='chat'><body>O</body></message>`;

test("a message passes the sender's stages, then the receiver's, each in the order of §5", async (t) => {
  const passed: string[] = [];
  const walker = extension({
    name: "walker",
    sentence: "Notes where a message passes.",
    start(host) {
      for (const flow of ["incoming", "outgoing"] as const) {
        const note = (stage: string) => (_: unknown, { key }: { key: { user: string } }) =>
          void passed.push(`${flow} ${stage} ${key.user}`);
        for (const stage of stageNames) {
          if (stage === "stamp") host.stamp(flow, ["message"], (stanza, account) => (note(stage)(stanza, account), stanza));
          else host[stage](flow, ["message"], note(stage));
        }
      }
    },
  }); // prettier-ignore
  const stage = await playServer(t, { extensions: [walker] });
  const juliet = await stage.enter("juliet");
  const romeo = await stage.login("romeo");
  romeo.send(message("m1"));
  await juliet.next();
  const stages = ["stamp", "guard", "archive", "copy", "notify"];
  assert.deepEqual(passed, [
    ...stages.map((name) => `outgoing ${name} romeo`),
    ...stages.map((name) => `incoming ${name} juliet`),
  ]);
});

test("within a stage `after` and `before` decide; what a stamp adds, the next ones see", async (t) => {
  const stamper = (name: string, order: object) =>
    extension({
      name,
      sentence: "Stamps.",
      start: (host) =>
        host.stamp("incoming", ["message"], (stanza) => withAppended(stanza, xml(name, { xmlns: "urn:x" })), order),
    });
  const extensions = [stamper("c", { after: ["b"] }), stamper("b", {}), stamper("a", { before: ["b"] })];
  const stage = await playServer(t, { extensions });
  const juliet = await stage.enter("juliet");
  const romeo = await stage.login("romeo");
  romeo.send(message("m1"));
  assert.deepEqual((await juliet.next()).getChildElements().map(({ name }) => name), ["body", "a", "b", "c"]); // prettier-ignore
});

test("what a handler is not interested in passes it by, whoever else is interested in it", async (t) => {
  const seen: string[] = [];
  const marker = extension({
    name: "marker",
    sentence: "Looks at what has a mark, and stamps what has a seal.",
    start(host) {
      const mark = { onlyWith: { namespace: "urn:x", name: "mark" } };
      const seal = { onlyWith: { namespace: "urn:x", name: "seal" } };
      host.guard("incoming", ["message"], (stanza) => void seen.push(`guard ${stanza.id}`), mark);
      host.archive("incoming", ["message"], (stanza) => void seen.push(`archive ${stanza.id}`), mark);
      host.stamp("incoming", ["message"], (stanza) => withAppended(stanza, xml("sealed", { xmlns: "urn:x" })), seal);
    },
  });
  const stage = await playServer(t, { extensions: [marker] });
  const juliet = await stage.enter("juliet");
  const romeo = await stage.login("romeo");
  const send = (id: string, content: string): void =>
    romeo.send(`<message to='${JULIET}' id='${id}' type='chat'>${content}</message>`);
  send("none", "<body>O</body>");
  send("marked", "<mark xmlns='urn:x'/>");
  send("other", "<mark xmlns='urn:y'/>");
  send("sealed", "<seal xmlns='urn:x'/>");
  const children: string[] = [];
  for (let count = 0; count < 4; count += 1) {
    const { attrs, children: all } = await juliet.next();
    children.push(`${String(attrs["id"])} ${all.length}`);
  }
  assert.deepEqual(children, ["none 1", "marked 1", "other 1", "sealed 2"]);
  assert.deepEqual(seen, ["guard marked", "archive marked"]);
});

const failing = extension({
  name: "failing",
  sentence: "Throws everywhere but in its guard.",
  start(host) {
    const fail = (): never => {
      throw new Error("A plague!");
    };
    for (const flow of ["incoming", "outgoing"] as const) {
      host.stamp(flow, ["message"], fail);
      for (const stage of ["archive", "copy", "notify"] as const) host[stage](flow, ["message"], fail);
    }
    host.undeliverable(fail);
    for (const event of ["session-bound", "session-available", "session-unavailable", "session-closed"] as const) {
      host.on(event, fail);
    }
    host.on("session-available", async () => fail());
  },
});

test("an extension that throws is logged under its name, and stops nothing", async (t) => {
  const stage = await playServer(t, { extensions: [failing] });
  const juliet = await stage.enter("juliet");
  const romeo = await stage.login("romeo");
  romeo.send(message("m1"));
  assert.equal((await juliet.next()).attrs["id"], "m1");
  await juliet.leaves();
  romeo.send(message("m2"));
  assert.equal(conditionOf(await romeo.next()), "service-unavailable");
  await romeo.leaves();
  await stage.settle();
  const failed = stage.errors.splice(0).map((line) => JSON.parse(line) as { extension: string; stage: string });
  assert.ok(failed.every(({ extension }) => extension === "failing"));
  const stages = new Set(failed.map(({ stage }) => stage));
  const events = ["session-available", "session-bound", "session-closed", "session-unavailable"];
  assert.deepEqual([...stages].sort(), ["archive", "copy", "notify", ...events, "stamp", "undeliverable"]);
});

test("a guard that throws refuses: what it is there to stop must not pass because it is broken", async (t) => {
  const broken = extension({
    name: "broken-guard",
    sentence: "Throws.",
    start: (host) =>
      host.guard("incoming", ["message"], (_, { key }) => {
        if (key.user === "juliet") throw new Error("Asleep.");
        return undefined;
      }),
  });
  const stage = await playServer(t, { extensions: [broken] });
  const juliet = await stage.enter("juliet");
  const romeo = await stage.login("romeo");
  romeo.send(message("m1"));
  assert.equal(conditionOf(await romeo.next()), "internal-server-error");
  await stage.receiveNothing(juliet);
  assert.equal(stage.errors.splice(0).length, 1);
});

const guards = extension({
  name: "guards",
  sentence: "Keeps Juliet's house.",
  start(host) {
    const kinds = ["message", "presence", "iq"] as const;
    host.guard("incoming", kinds, ({ from }, { key }) =>
      from?.local === "tybalt" && key.user === "juliet" ? new StanzaError("policy-violation") : undefined,
    );
    host.guard("incoming", kinds, ({ from }, { key }) =>
      from?.local === "paris" && key.user === "juliet" ? "ignore" : undefined,
    );
    host.guard("outgoing", kinds, ({ to }, { key }) =>
      key.user === "juliet" && to?.local === "tybalt" ? new StanzaError("not-acceptable") : undefined,
    );
    host.guard("outgoing", ["message", "iq"], (stanza) =>
      stanza.to === undefined && stanza.id === "forbidden" ? new StanzaError("not-allowed") : undefined,
    );
  },
});
const ping = "<ping xmlns='urn:xmpp:ping'/>";

test("what a guard refuses comes back with its error, errors excepted; what it ignores, with none", async (t) => {
  const stage = await playServer(t, { extensions: [guards] });
  const juliet = await stage.enter("juliet");
  const [tybalt, paris] = [await stage.enter("tybalt"), await stage.enter("paris")];
  for (const client of [tybalt, paris]) {
    client.send(message("m1"), `<presence to='${JULIET}' id='p1'/>`);
    client.send(`<message to='${JULIET}' type='error'/>`, `<presence to='${JULIET}' type='error'/>`);
  }
  for (const id of ["m1", "p1"]) {
    const error = await tybalt.next();
    assert.deepEqual([error.attrs["id"], conditionOf(error)], [id, "policy-violation"]);
  }
  await stage.receiveNothing(juliet, tybalt, paris);
});

test("a request is answered even if a guard would rather ignore it (RFC 6120 §8.2.3)", async (t) => {
  const stage = await playServer(t, { extensions: [guards] });
  const juliet = await stage.enter("juliet");
  const [tybalt, paris] = [await stage.login("tybalt"), await stage.login("paris")];
  await tybalt.isRefused("policy-violation", "get", ping, JULIET);
  await paris.isRefused("service-unavailable", "get", ping, JULIET);
  await stage.receiveNothing(juliet);
});

test("what an outgoing guard refuses comes straight back, though the incoming ones want nothing from there", async (t) => {
  const stage = await playServer(t, { extensions: [guards] });
  const tybalt = await stage.enter("tybalt");
  const juliet = await stage.enter("juliet");
  juliet.send(message("m1", "tybalt@verona.example"), "<presence to='tybalt@verona.example' id='p1'/>");
  for (const id of ["m1", "p1"]) {
    const error = await juliet.next();
    assert.deepEqual([error.attrs["id"], conditionOf(error)], [id, "not-acceptable"]);
    assert.equal(error.attrs["from"], "tybalt@verona.example");
  }
  await juliet.isRefused("not-acceptable", "get", ping, "tybalt@verona.example");
  juliet.send("<message to='tybalt@verona.example' type='error'/>");
  for (const stanza of ["<message id='forbidden'/>", `<iq type='get' id='forbidden'>${ping}</iq>`]) {
    juliet.send(stanza);
    const error = await juliet.next();
    assert.deepEqual([error.attrs["from"], conditionOf(error)], [JULIET, "not-allowed"]);
  }
  await stage.receiveNothing(juliet, tybalt);
});

test("the trace says which extension stopped what", async (t) => {
  const stage = await playServer(t, { extensions: [guards] });
  const local = stage.router.hosts.get("verona.example") ?? assert.fail();
  const juliet = await stage.enter("juliet");
  const tybalt = await stage.login("tybalt");
  const looks = local.trace.subscribe(JULIET);
  tybalt.send(message("m1"));
  await tybalt.next();
  looks.close();
  const seen: unknown[] = [];
  for await (const { direction, stage, extension, outcome } of looks) seen.push([direction, stage, extension, outcome]);
  assert.deepEqual(seen[1], ["through", "guard", "guards", "refused: policy-violation"]);
  await stage.receiveNothing(juliet);
});
