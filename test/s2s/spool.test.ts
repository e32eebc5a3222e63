// What waits for other servers is kept on disk: once, in order, marked before it goes, and removed when it has arrived.
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { isLasting, Spool } from "../../src/s2s/spool.js";
import type { Stanza } from "../../src/stanza/stanza.js";
import type { OutboundRecord } from "../../src/storage/records.js";
import { memoryStorage } from "../../src/storage/memory/memory-storage.js";
import { idsOf, letter } from "./support/letters.js";

class Play {
  readonly failures: unknown[] = [];
  readonly storage = memoryStorage();
  spool = this.opens();

  /** As a server that starts on the same storage. */
  opens(): Spool {
    return new Spool(this.storage.outbound, (error) => this.failures.push(error));
  }

  keeps(stanza: ReturnType<typeof letter>, since = 5): Promise<void> {
    return this.spool.keep(stanza, "mantua.example", "verona.example", since);
  }

  async stored(): Promise<readonly OutboundRecord[]> {
    // removals go at the end of the turn
    for (let turn = 0; turn < 2; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    return this.storage.outbound.read(0, 100);
  }

  async ids(): Promise<(string | undefined)[]> {
    return (await this.stored()).map(({ stanza }) => /id='([^']*)'/.exec(stanza)?.[1]);
  }
}

function begin(t: TestContext): Play {
  const play = new Play();
  t.after(() => assert.deepEqual(play.failures, []));
  return play;
}

test("what is kept is on disk, with its domains and its time, and once only", async (t) => {
  const play = begin(t);
  const stanza = letter(1);
  await Promise.all([play.keeps(stanza), play.keeps(stanza)]);
  assert.equal(play.spool.has(stanza), true);
  const [record, ...others] = await play.stored();
  assert.deepEqual(others, []);
  assert.deepEqual(
    [record?.local, record?.remote, record?.storedAt, record?.isSent],
    ["mantua.example", "verona.example", 5, false],
  );
});

test("what is not kept may go; what is kept only once it is on disk that it was about to", async (t) => {
  const play = begin(t);
  const [kept, other] = [letter(1), letter(2)];
  await play.keeps(kept);
  assert.deepEqual([play.spool.mayGo(kept), play.spool.mayGo(other)], [false, true]);
  const marked = play.spool.mark([kept, other]);
  assert.equal(play.spool.mayGo(kept), false);
  await marked;
  assert.equal(play.spool.mayGo(kept), true);
  assert.deepEqual((await play.stored()).map(({ isSent }) => isSent), [true]); // prettier-ignore
});

test("what is marked while it is still being kept is on disk first", async (t) => {
  const play = begin(t);
  const stanza = letter(1);
  const isKept = play.keeps(stanza);
  await play.spool.mark([stanza]);
  await isKept;
  assert.deepEqual((await play.stored()).map(({ isSent }) => isSent), [true]); // prettier-ignore
});

test("what has arrived is removed, though it was being kept only just now", async (t) => {
  const play = begin(t);
  const stanzas = [letter(1), letter(2), letter(3)];
  for (const stanza of stanzas.slice(0, 2)) await play.keeps(stanza);
  const last = play.keeps(stanzas[2] ?? assert.fail());
  play.spool.forget(stanzas[0] ?? assert.fail());
  play.spool.forget(stanzas[2] ?? assert.fail());
  await last;
  assert.deepEqual(await play.ids(), ["2"]);
  play.spool.forget(letter(4)); // was never kept
  assert.deepEqual(await play.ids(), ["2"]);
});

test("after a start all is there again, in order, marked or not", async (t) => {
  const play = begin(t);
  const stanzas = Array.from({ length: 1200 }, (_, id) => letter(id));
  for (const stanza of stanzas) await play.keeps(stanza);
  await play.spool.mark(stanzas.slice(0, 3));
  const spool = play.opens();
  const restored: { readonly stanza: Stanza; readonly record: OutboundRecord }[] = [];
  for await (const each of spool.restore()) restored.push(each);
  assert.deepEqual(
    restored.map(({ stanza }) => stanza.id),
    idsOf(stanzas),
  );
  assert.deepEqual([2, 3].map((place) => restored[place]?.record.isSent), [true, false]); // prettier-ignore
  const { stanza } = restored[0] ?? assert.fail();
  assert.equal(stanza.toXml(), stanzas[0]?.toXml());
  assert.equal(spool.has(stanza), true);
  spool.forget(stanza);
  assert.equal((await play.ids())[0], "1");
});

test("what can't be read any more is dropped and told of, the rest comes", async () => {
  const play = new Play();
  await play.storage.outbound.append("mantua.example", "verona.example", "<mess", 1);
  await play.storage.outbound.append("mantua.example", "verona.example", "<sonnet xmlns='jabber:client'/>", 1);
  await play.keeps(letter(3));
  const ids: unknown[] = [];
  for await (const { stanza } of play.opens().restore()) ids.push(stanza.id);
  assert.deepEqual([ids, play.failures.length], [["3"], 2]);
  assert.deepEqual(await play.ids(), ["3"]);
});

test("a disk that fails is told of, and the stanza goes all the same", async () => {
  const play = new Play();
  play.storage.outbound.append = () => Promise.reject(new Error("The disk is on fire."));
  const stanza = letter(1);
  await play.keeps(stanza);
  assert.deepEqual([play.spool.has(stanza), play.spool.mayGo(stanza)], [false, true]);
  assert.match(String(play.failures), /on fire/);
});

test("messages and questions about subscriptions are worth keeping; what tells of a moment is not", () => {
  const lasting = [
    letter(1),
    letter(2, { type: "chat" }),
    ...["subscribe", "subscribed", "unsubscribe", "unsubscribed"].map((type) => letter(3, { kind: "presence", type })),
  ];
  const passing = [
    letter(1, { type: "error" }),
    letter(2, { type: "headline" }),
    letter(3, { kind: "presence" }),
    letter(4, { kind: "presence", type: "unavailable" }),
    letter(5, { kind: "presence", type: "probe" }),
    letter(6, { kind: "iq", type: "set" }),
  ];
  for (const stanza of lasting) assert.equal(isLasting(stanza), true, stanza.toXml());
  for (const stanza of passing) assert.equal(isLasting(stanza), false, stanza.toXml());
});
