// The order of SRV records by priority and weight, and targets as operators write them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ordered, type ServiceRecord } from "../../src/net/service-records.js";
import { parseTarget } from "../../src/net/target.js";
import { written } from "./support/locator.js";

/** Always the same sequence (mulberry32), so that the test always has the same outcome. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function record(name: string, priority: number, weight: number): ServiceRecord {
  return { name, priority, weight, port: 5269 };
}

/** How many of 10 000 orders begin with each of the names. */
function firsts(records: readonly ServiceRecord[]): Record<string, number> {
  const random = seeded(1597);
  const counts: Record<string, number> = Object.fromEntries(records.map(({ name }) => [name, 0]));
  for (let draw = 0; draw < 10_000; draw++) {
    const name = ordered(records, random)[0]?.name ?? "";
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

function isNear(actual: number | undefined, expected: number): void {
  assert.ok(Math.abs((actual ?? 0) - expected) < 200, `${actual} is not near ${expected}`);
}

test("lower priorities come first, whatever the weights", () => {
  const records = [record("paris", 20, 65_535), record("romeo", 10, 1), record("tybalt", 30, 0)];
  for (let draw = 0; draw < 100; draw++) {
    assert.deepEqual(
      ordered(records, Math.random).map(({ name }) => name),
      ["romeo", "paris", "tybalt"],
    );
  }
});

test("within a priority the chance to be first is the weight's share", () => {
  const counts = firsts([record("romeo", 0, 60), record("paris", 0, 30), record("tybalt", 0, 10)]);
  isNear(counts["romeo"], 6_000);
  isNear(counts["paris"], 3_000);
  isNear(counts["tybalt"], 1_000);
});

test("the rest is drawn in the same way", () => {
  const random = seeded(1_597);
  const records = [record("romeo", 0, 60), record("paris", 0, 30), record("tybalt", 0, 10)];
  const orders = Array.from({ length: 10_000 }, () => ordered(records, random).map(({ name }) => name));
  const afterRomeo = orders.filter(([first]) => first === "romeo");
  const parisSecond = afterRomeo.filter(([, second]) => second === "paris").length;
  isNear((parisSecond / afterRomeo.length) * 10_000, 7_500);
});

test("weight 0 has a very small chance beside others, and all chances are equal when all are 0", () => {
  const rare = firsts([record("romeo", 0, 100), record("paris", 0, 0)])["paris"] ?? 0;
  assert.ok(rare > 0 && rare < 300, `${rare} of 10 000, expected about 99`);
  const equal = firsts([record("romeo", 0, 0), record("paris", 0, 0), record("tybalt", 0, 0)]);
  for (const count of Object.values(equal)) isNear(count, 3_333);
});

test("every record comes once, at both ends of the lot", () => {
  const records = [record("romeo", 0, 0), record("paris", 0, 65_535), record("tybalt", 0, 1), record("peter", 0, 0)];
  for (const random of [() => 0, () => 1 - Number.EPSILON / 2]) {
    const names = ordered(records, random).map(({ name }) => name);
    assert.deepEqual(names.toSorted(), ["paris", "peter", "romeo", "tybalt"]);
  }
  assert.deepEqual(ordered([], Math.random), []);
});

test("targets as operators write them", () => {
  const cases: readonly [string, string][] = [
    ["xmpp.verona.example:5333", "xmpp.verona.example:5333"],
    ["Xmpp.Verona.example.", "xmpp.verona.example:5269"],
    ["città.example", "xn--citt-3na.example:5269"],
    ["tls:xmpp.verona.example", "tls:xmpp.verona.example:5270"],
    ["tls:xmpp.verona.example:443", "tls:xmpp.verona.example:443"],
    ["10.0.0.1", "10.0.0.1:5269"],
    ["tls:10.0.0.1:65535", "tls:10.0.0.1:65535"],
    ["[::1]", "::1:5269"],
    ["tls:[2001:db8::1]:5270", "tls:2001:db8::1:5270"],
    ["tls", "tls:5269"],
  ];
  for (const [text, expected] of cases) {
    const target = parseTarget(text);
    assert.deepEqual(target && written([target]), [expected], text);
    assert.equal(target?.source, "configured");
  }
});

test("what is no target", () => {
  const cases =
    "|:5269|verona:|verona:0|verona:65536|verona:123456|verona:x|::1|[::1|[verona]|[10.0.0.1]|ve rona|tls:|tls:5270";
  for (const text of [
    ...cases.split("|"),
    "10.0.0",
    "verona:5269:5270",
    "a..b",
    "xmpp://verona",
    "[::1]5269",
    "TLS:verona:1",
  ]) {
    assert.equal(parseTarget(text), undefined, text);
  }
});
