// A room with fifty of each of two servers, whose connection breaks, or one of which is killed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertOrder, assertSame, Company, generous } from "./company.js";
import { Road } from "./road.js";
import { twoServers } from "./two-servers.js";

const timeout = 120_000;
const crowd = Array.from({ length: 50 }, (_, index) => `guest${index}`);

test("the connection is cut again and again, and nobody in the room notices", { timeout }, async (t) => {
  const [toMantua, toVerona] = [await Road.build(t), await Road.build(t)];
  const { verona, mantua } = await twoServers(t, { toMantua, toVerona, crowd, limits: generous });
  await Promise.all([verona.start(), mantua.start()]);
  const company = new Company([verona, mantua], crowd);
  await company.assemble();
  for (const road of [toMantua, toVerona]) road.cutsAfter(3_000_000);
  for (let round = 0; round < 10; round += 1) {
    for (const guest of company.guests) guest.says(2);
    // Not more than may wait for a connection.
    await Promise.all(company.guests.map((guest) => guest.hears(`guest49-of-mantua ${2 * round + 1}`)));
  }
  await company.partingWords();
  t.diagnostic(`${toMantua.cuts + toVerona.cuts} cuts`);
  assert.ok(toMantua.cuts + toVerona.cuts >= 5);
  company.assertComplete();
  const all = company.guests[0]?.heard ?? [];
  assert.equal(all.length, company.guests.length * 21);
  assertOrder(all);
  for (const guest of company.guests) {
    assert.deepEqual([guest.heard.length, guest.entries, guest.gone, guest.refused], [all.length, 1, [], []]);
    assertSame(guest, all);
  }
  assert.deepEqual([verona.complaints, mantua.complaints], ["", ""]);
});

test("the other server is killed and comes back, and so do its users", { timeout }, async (t) => {
  const { verona, mantua } = await twoServers(t, { crowd, limits: `resume_time = "1s"\n${generous}` });
  await Promise.all([verona.start(), mantua.start()]);
  const company = new Company([verona, mantua], crowd);
  await company.assemble();
  const [ours, theirs] = [company.of(verona), company.of(mantua)];
  const witness = ours[0] ?? assert.fail();
  for (const round of [0, 1]) {
    for (const guest of company.guests) guest.says(3);
    const before = witness.heard.length;
    await witness.until(() => witness.heard.length > before + company.guests.length);
    await mantua.kill();
    for (const guest of ours) guest.says(2);
    await mantua.start();
    // Now those are known not to be there who are not: the second time some come before it is known.
    if (round === 0) await witness.until(() => witness.present.size === ours.length);
    await Promise.all(theirs.map((guest) => company.logIn(guest)));
    for (const guest of ours) guest.says(1);
    await Promise.all(theirs.map((guest) => guest.makesSure()));
    await Promise.all(ours.map((guest) => guest.makesSure()));
    await company.settled();
    await company.partingWords();
    company.assertComplete();
    assertOrder(witness.heard);
    for (const guest of company.guests) assertSame(guest, witness.heard);
    for (const guest of ours) {
      assert.deepEqual([guest.heard.length, guest.entries, guest.refused], [witness.heard.length, 1, []]);
      assert.equal(guest.heard.filter(({ nick }) => nick === guest.nick).length, guest.said);
    }
  }
  assert.ok(theirs.every(({ entries }) => entries >= 2));
  assert.deepEqual([verona.complaints, mantua.complaints], ["", ""]);
});
