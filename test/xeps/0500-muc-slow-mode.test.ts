// XEP-0500: MUC Slow Mode.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  arrivals,
  configuresRoom,
  entersRoom,
  garden,
  leavesRoom,
  makesRoom,
  party,
  refusal,
  roomInfo,
  says,
  spoken,
  unloading,
  unloadsRoom,
} from "../support/rooms.js";

const field = "muc#roomconfig_slow_mode_duration";
const slow = { fields: { [field]: "10" } };
const message = `<message type='groupchat' to='${garden}'><body>Anon, good nurse!</body></message>`;

test("everybody waits between two messages, owners and admins don't", async (t) => {
  const { stage, capulet, romeo, juliet } = await party(t, slow);
  assert.equal((await roomInfo(juliet)).fields.get("muc#roominfo_slow_mode_duration"), "10");
  assert.equal(await refusal(stage, romeo, message), "");
  assert.equal(await refusal(stage, romeo, message), "policy-violation wait");
  assert.equal(await refusal(stage, juliet, message), "");
  for (let count = 0; count < 3; count += 1) assert.equal(await refusal(stage, capulet, message), "");
  stage.clock.advance(9_999);
  assert.equal(await refusal(stage, romeo, message), "policy-violation wait");
  stage.clock.advance(1);
  assert.equal(await refusal(stage, romeo, message), "");
  assert.equal(await refusal(stage, romeo, message), "policy-violation wait");
  // three of the owner's, one of Romeo's
  assert.equal(spoken(await arrivals(stage, juliet)).length, 4);
});

test("it helps nobody to leave and come again, by another nickname or session", async (t) => {
  const { stage, romeo } = await party(t, slow);
  assert.equal(await refusal(stage, romeo, message), "");
  await leavesRoom(stage, romeo, "Romeo");
  await entersRoom(stage, romeo, "Montague");
  assert.equal(await refusal(stage, romeo, message), "policy-violation wait");
  const tomb = await stage.login("romeo", "tomb");
  await entersRoom(stage, tomb, "Ghost");
  assert.equal(await refusal(stage, tomb, message), "policy-violation wait");
});

test("nor to wait until the room has gone out of memory", async (t) => {
  const fields = { [field]: "60", "muc#roomconfig_persistentroom": "1" };
  const { stage, capulet, romeo, juliet } = await party(t, { config: unloading, fields });
  assert.equal(await refusal(stage, romeo, message), "");
  await unloadsRoom(stage, { Capulet: capulet, Romeo: romeo, Juliet: juliet });
  await entersRoom(stage, romeo, "Romeo");
  assert.equal(await refusal(stage, romeo, message), "policy-violation wait");
  stage.clock.advance(56_000);
  assert.equal(await refusal(stage, romeo, message), "");
});

test("who spoke in a room that is gone speaks in a later one of the same name", async (t) => {
  const { stage, capulet, romeo, juliet } = await party(t, slow);
  assert.equal(await refusal(stage, romeo, message), "");
  for (const [nick, client] of Object.entries({ Capulet: capulet, Romeo: romeo, Juliet: juliet }))
    await leavesRoom(stage, client, nick);
  stage.clock.advance(1);
  await makesRoom(stage, capulet, "Capulet", slow.fields);
  await entersRoom(stage, romeo, "Romeo");
  assert.equal(await refusal(stage, romeo, message), "");
  assert.equal(await refusal(stage, romeo, message), "policy-violation wait");
});

test("what is no message to read is not held up; the subject is not either", async (t) => {
  const { stage, romeo, juliet } = await party(t, { fields: { ...slow.fields, "muc#roomconfig_changesubject": "1" } });
  says(romeo, "Ay me!");
  await arrivals(stage, romeo);
  const others = ["<composing xmlns='http://jabber.org/protocol/chatstates'/>", "<subject>Names</subject>"];
  for (const content of others)
    assert.equal(await refusal(stage, romeo, `<message type='groupchat' to='${garden}'>${content}</message>`), "");
  assert.equal((await arrivals(stage, juliet)).length, 3);
});

test("the owner ends it, or makes it shorter, at once", async (t) => {
  const { stage, capulet, romeo } = await party(t, slow);
  assert.equal(await refusal(stage, romeo, message), "");
  await configuresRoom(capulet, { [field]: "0" });
  for (let count = 0; count < 3; count += 1) assert.equal(await refusal(stage, romeo, message), "");
});
