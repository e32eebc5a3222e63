// XEP-0502: MUC Activity Indicator.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Stage } from "../support/play-server.js";
import {
  arrivals,
  configuresRoom,
  entersRoom,
  party,
  persistent,
  roomInfo,
  says,
  unloadsRoom,
} from "../support/rooms.js";

const FIELD = "{urn:xmpp:muc-activity}message-activity";
const config =
  "[extensions.rooms]\nunload_after = '1s'\n[clients]\nidle_timeout = '1d'\n[extensions.ping]\nenabled = false";

/** Lets time go by; everybody shows that they are there. */
async function pass(stage: Stage, count: number): Promise<void> {
  for (let hour = 0; hour < count; hour += 1) {
    stage.clock.advance(3_600_000);
    await stage.settle();
  }
}

test("messages an hour, over a day; corrections and what is not to be read don't count", async (t) => {
  const { stage, romeo, juliet } = await party(t, { fields: persistent, config });
  const rate = async (): Promise<string | undefined> => (await roomInfo(juliet)).fields.get(FIELD);
  assert.equal(await rate(), "0.00");
  for (let count = 0; count < 24; count += 1) says(romeo, `${count}`);
  says(romeo, "a rose", "<replace xmlns='urn:xmpp:message-correct:0' id='said'/>");
  await arrivals(stage, romeo);
  assert.equal(await rate(), "1.00");
  await pass(stage, 12);
  for (let count = 0; count < 24; count += 1) says(romeo, `${count}`);
  await arrivals(stage, romeo);
  assert.equal(await rate(), "2.00");
  await pass(stage, 13);
  assert.equal(await rate(), "1.00");
  await pass(stage, 24);
  assert.equal(await rate(), "0.00");
});

test("it is known again when the room is read", async (t) => {
  const { stage, capulet, romeo, juliet } = await party(t, { fields: persistent, config });
  for (let count = 0; count < 12; count += 1) says(romeo, `${count}`);
  await arrivals(stage, romeo);
  await unloadsRoom(stage, { Capulet: capulet, Romeo: romeo, Juliet: juliet });
  assert.equal((await roomInfo(juliet)).fields.get(FIELD), "0.50");
  await entersRoom(stage, juliet, "Juliet");
});

test("§8: of rooms that are hidden, closed or temporary it is not told", async (t) => {
  const { stage, capulet, juliet, everybody } = await party(t);
  assert.equal((await roomInfo(juliet)).fields.has(FIELD), false);
  for (const [name, hides, shows] of [
    ["muc#roomconfig_publicroom", "0", "1"],
    ["muc#roomconfig_membersonly", "1", "0"],
  ] as const) {
    await configuresRoom(capulet, { ...persistent, [name]: hides });
    assert.equal((await roomInfo(juliet)).fields.has(FIELD), false, name);
    await configuresRoom(capulet, { [name]: shows });
    assert.equal((await roomInfo(juliet)).fields.has(FIELD), true, name);
  }
  for (const client of everybody) await arrivals(stage, client);
});
