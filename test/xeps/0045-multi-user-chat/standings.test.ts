// What people are to a room: reserved nicknames, bans of domains, and what is written when it changes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type HostMaps, Jid } from "../../../src/extension/index.js";
import type { StandingRecord } from "../../../xeps/0045-multi-user-chat/records.js";
import { Standings } from "../../../xeps/0045-multi-user-chat/standings.js";

const romeo = Jid.parse("romeo@verona.example");
const juliet = Jid.parse("juliet@verona.example");

/** Notes what is written into it. */
function notingStore<T>(name: string, calls: string[]): HostMaps<T> {
  const note = (call: string): Promise<void> => Promise.resolve(void calls.push(`${name} ${call}`));
  return {
    get: () => Promise.resolve(undefined),
    entries: () => Promise.resolve(new Map()),
    set: (map, key) => note(`set ${map} ${key}`),
    remove: (map, key) => note(`remove ${map} ${key}`),
    clear: (map) => note(`clear ${map}`),
  };
}

function standings(records: Readonly<Record<string, StandingRecord>> = {}): [Standings, calls: string[]] {
  const calls: string[] = [];
  const stores = {
    standings: notingStore<StandingRecord>("standings", calls),
    owned: notingStore<string>("owned", calls),
  };
  return [new Standings("garden", stores, new Map(Object.entries(records))), calls];
}

/** What is written when somebody who was `before` is `after`. */
async function writtenAfter(before: StandingRecord | undefined, after: StandingRecord | undefined): Promise<string[]> {
  const [people, calls] = standings(before === undefined ? {} : { [romeo.toString()]: before });
  await people.store(romeo, people.set(romeo, after));
  return calls;
}

test("the list of the rooms that somebody owns is written when they become an owner or are one no longer", async () => {
  const [owner, member] = [{ affiliation: "owner" }, { affiliation: "member" }] as const;
  const set = "standings set garden romeo@verona.example";
  const remove = "standings remove garden romeo@verona.example";
  assert.deepEqual(await writtenAfter(undefined, owner), [set, "owned set romeo@verona.example garden"]);
  assert.deepEqual(await writtenAfter(owner, member), [set, "owned remove romeo@verona.example garden"]);
  assert.deepEqual(await writtenAfter(owner, undefined), [remove, "owned remove romeo@verona.example garden"]);
});

test("of who owns nothing before and after, only the standing is written", async () => {
  const [admin, member] = [{ affiliation: "admin" }, { affiliation: "member" }] as const;
  assert.deepEqual(await writtenAfter(undefined, member), ["standings set garden romeo@verona.example"]);
  assert.deepEqual(await writtenAfter(admin, member), ["standings set garden romeo@verona.example"]);
  assert.deepEqual(await writtenAfter(member, undefined), ["standings remove garden romeo@verona.example"]);
});

test("a nickname is reserved until its owner has another one, or is nothing to the room any more", () => {
  const [people] = standings({ [juliet.toString()]: { affiliation: "member", nick: "Juliet" } });
  assert.equal(people.reserverOf("juliet"), juliet.toString());
  people.set(juliet, { affiliation: "member", nick: "Rose" });
  assert.deepEqual([people.reserverOf("juliet"), people.reserverOf("rose")], [undefined, juliet.toString()]);
  people.set(juliet, undefined);
  assert.equal(people.reserverOf("rose"), undefined);
});

test("§9.1: what somebody is themselves comes before what their domain is", () => {
  const [people] = standings({
    "verona.example": { affiliation: "outcast" },
    [romeo.toString()]: { affiliation: "member" },
    [juliet.toString()]: { affiliation: "none", role: "participant" },
  });
  assert.deepEqual(
    [romeo, juliet].map((jid) => people.affiliationOf(jid)),
    ["member", "outcast"],
  );
});
