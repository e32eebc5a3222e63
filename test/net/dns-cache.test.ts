// What is kept of DNS, for how long, and that nothing is asked twice at once.
import assert from "node:assert/strict";
import { test } from "node:test";
import { DnsCache } from "../../src/net/dns-cache.js";
import { problemOf, stageWith, written } from "./support/locator.js";

const plain = "_xmpp-server._tcp.verona.example";

test("services hold for a minute, whatever happens to them", async (t) => {
  const { dns, locator, advance } = await stageWith(t, [`${plain} 9000 SRV 0 5 5269 old.verona.example`]);
  assert.deepEqual(written(await locator.locate("verona.example")), ["old.verona.example:5269"]);
  dns.serve([`${plain} SRV 0 5 5269 new.verona.example`]);
  advance(59_999);
  assert.deepEqual(written(await locator.locate("verona.example")), ["old.verona.example:5269"]);
  assert.equal(dns.countOf(`${plain} SRV`), 1);
  advance(1);
  assert.deepEqual(written(await locator.locate("verona.example")), ["new.verona.example:5269"]);
});

test("addresses hold as long as they say, the shortest deciding, an hour at the most, and not at all with 0", async (t) => {
  const { dns, locator, advance } = await stageWith(t, [
    "verona.example 100 A 127.0.0.2",
    "verona.example 90 A 127.0.0.3",
    "mantua.example 999999 A 127.0.0.4",
    "padua.example 0 A 127.0.0.5",
  ]);
  const ask = async (): Promise<void> => {
    for (const host of ["verona.example", "mantua.example", "padua.example"]) await locator.addressesOf(host);
  };
  const counts = (): number[] => ["verona", "mantua", "padua"].map((name) => dns.countOf(`${name}.example A`));
  await ask();
  advance(89_999);
  await ask();
  assert.deepEqual(counts(), [1, 1, 2]);
  advance(1);
  await ask();
  assert.deepEqual(counts(), [2, 1, 3]);
  advance(3_600_000 - 90_000);
  await ask();
  assert.deepEqual(counts(), [3, 2, 4]);
});

test("absence holds for half a minute, failure for five seconds", async (t) => {
  const { dns, locator, advance } = await stageWith(t, ["padua.example SERVFAIL"]);
  const ask = async (): Promise<void> => {
    assert.match(await problemOf(locator.addressesOf("verona.example")), /^dns-not-found/);
    assert.match(await problemOf(locator.addressesOf("padua.example")), /^dns-failed/);
  };
  const counts = (): number[] => ["verona", "padua"].map((name) => dns.countOf(`${name}.example A`));
  await ask();
  const tries = counts()[1] ?? 0; // a SERVFAIL is asked again at once, a few times
  advance(4_999);
  await ask();
  assert.deepEqual(counts(), [1, tries]);
  advance(1);
  await ask();
  assert.deepEqual(counts(), [1, 2 * tries]);
  advance(25_000);
  await ask();
  assert.deepEqual(counts(), [2, 3 * tries]);
});

test("equal questions under way are asked once", async (t) => {
  const { dns, locator } = await stageWith(t, [`${plain} SRV 0 5 5269 xmpp.verona.example`]);
  const all = await Promise.all(Array.from({ length: 50 }, () => locator.locate("verona.example")));
  assert.ok(all.every((targets) => targets.length === 1));
  assert.deepEqual(dns.questions.toSorted(), [`${plain} SRV`, "_xmpps-server._tcp.verona.example SRV"]);
});

test("what is forgotten is asked anew: services, their hosts, the domain itself", async (t) => {
  const { dns, locator } = await stageWith(t, [
    `${plain} SRV 0 5 5269 XMPP.verona.example`,
    "xmpp.verona.example A 127.0.0.2",
    "mantua.example A 127.0.0.3",
  ]);
  const ask = async (): Promise<void> => {
    await locator.locate("verona.example");
    await locator.addressesOf("xmpp.verona.example");
    await locator.locate("mantua.example");
  };
  await ask();
  const before = dns.questions.toSorted();
  await ask();
  assert.equal(dns.questions.length, before.length);
  locator.forget("verona.example");
  locator.forget("mantua.example");
  locator.forget("no name at all");
  await ask();
  assert.deepEqual(dns.questions.slice(before.length).toSorted(), before);
});

test("a bounded number is kept, and the oldest goes first", async (t) => {
  const { dns, locator } = await stageWith(t, ["* A 127.0.0.2"], { mostCached: 4 });
  for (const name of ["romeo", "juliet", "tybalt"]) await locator.addressesOf(`${name}.example`);
  await locator.addressesOf("juliet.example");
  assert.equal(dns.countOf("juliet.example A"), 1);
  await locator.addressesOf("romeo.example");
  assert.equal(dns.countOf("romeo.example A"), 2);
});

test("an answer to a question that has been forgotten in the meantime is not kept", async () => {
  const cache = new DnsCache<string>(9, () => 0);
  let answer = (_value: string): void => assert.fail("nobody asked");
  const first = new Promise<string>((resolve) => (answer = resolve));
  const asking = cache.find("verona", async () => ({ value: await first, lifetime: 1_000 }));
  cache.forget("verona");
  assert.deepEqual(await cache.find("verona", async () => ({ value: "new", lifetime: 1_000 })), {
    value: "new",
    isCached: false,
  });
  answer("old");
  assert.equal((await asking).value, "old");
  assert.equal(cache.peek("verona"), "new");
});

test("a question that breaks off leaves no trace", async () => {
  const cache = new DnsCache<string>(9, () => 0);
  const broken = async (): Promise<never> => {
    throw new Error("broken");
  };
  await assert.rejects(cache.find("verona", broken), /broken/);
  assert.equal((await cache.find("verona", async () => ({ value: "well", lifetime: 1 }))).value, "well");
  assert.equal(cache.size, 1);
});
