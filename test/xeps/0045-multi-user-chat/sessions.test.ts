// Several sessions behind one nickname (XEP-0045 §7.2.8).
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Element } from "../../../src/xml/element.js";
import {
  adminQuery,
  arrivals,
  enters,
  entersRoom,
  garden,
  leavesRoom,
  party,
  refusal,
  roomGoesOn,
  roomInfo,
  says,
} from "../../support/rooms.js";

const fromOf = ({ attrs }: Element): string => String(attrs["from"]).replace(`${garden}/`, "");

async function withTomb(t: Parameters<typeof party>[0]) {
  const all = await party(t);
  const tomb = await all.stage.login("romeo", "tomb");
  tomb.send(enters("Romeo", garden, "<status>In the tomb</status>"));
  const entered = await arrivals(all.stage, tomb);
  return { ...all, tomb, entered };
}

test("a second session is the same occupant: it sees all, and the others see its presence", async (t) => {
  const { stage, romeo, juliet, capulet, entered, tomb } = await withTomb(t);
  assert.deepEqual(entered.slice(0, 3).map(fromOf).sort(), ["Capulet", "Juliet", "Romeo"]);
  assert.match(String(entered[2]), /code="110"/);
  for (const client of [juliet, capulet]) {
    const [shown, ...more] = await arrivals(stage, client);
    assert.deepEqual([fromOf(shown ?? assert.fail()), shown?.getChildText("status")], ["Romeo", "In the tomb"]);
    assert.deepEqual(more, []);
  }
  assert.match((await arrivals(stage, romeo)).join(), /code="110"/);
  assert.equal((await roomInfo(juliet)).fields.get("muc#roominfo_occupants"), "3");
  await roomGoesOn(stage, tomb, [capulet, romeo, juliet, tomb]);
});

test("nobody else gets the nickname meanwhile", async (t) => {
  const { stage } = await withTomb(t);
  const tybalt = await stage.login("tybalt");
  assert.equal(await refusal(stage, tybalt, enters("Romeo")), "conflict cancel");
});

test("private messages go to all sessions, and what one of them changes is told to all", async (t) => {
  const { stage, romeo, juliet, tomb } = await withTomb(t);
  for (const client of [romeo, juliet, tomb]) await arrivals(stage, client);
  juliet.send(`<message type='chat' to='${garden}/Romeo'><body>Art thou there?</body></message>`);
  for (const client of [romeo, tomb]) {
    const [message] = await arrivals(stage, client);
    assert.equal(message?.getChildText("body"), "Art thou there?");
  }
  tomb.send(`<presence to='${garden}/Montague'/>`);
  for (const client of [romeo, tomb]) {
    const [old, present] = await arrivals(stage, client);
    assert.deepEqual([fromOf(old ?? assert.fail()), fromOf(present ?? assert.fail())], ["Romeo", "Montague"]);
    assert.match(String(old), /code="303"/);
  }
  assert.equal((await arrivals(stage, juliet)).length, 2);
});

test("the occupant leaves with the last of them; until then another one's presence is shown", async (t) => {
  const { stage, romeo, juliet, capulet, tomb } = await withTomb(t);
  await arrivals(stage, juliet);
  await leavesRoom(stage, tomb, "Romeo");
  const [shown] = await arrivals(stage, juliet);
  assert.deepEqual([shown?.attrs["type"], shown?.getChild("status")], [undefined, undefined]);
  await roomGoesOn(stage, romeo, [capulet, romeo, juliet]);
  await stage.receiveNothing(tomb);
  await romeo.leaves();
  assert.equal((await arrivals(stage, juliet))[0]?.attrs["type"], "unavailable");
});

test("a kick puts all of them out", async (t) => {
  const { stage, romeo, juliet, capulet, tomb } = await withTomb(t);
  for (const client of [romeo, juliet, tomb]) await arrivals(stage, client);
  const kick = adminQuery("<item nick='Romeo' role='none'/>");
  await capulet.gets("set", kick, garden);
  for (const client of [romeo, tomb]) assert.match((await arrivals(stage, client)).join(), /unavailable.*code="307"/);
  assert.equal((await arrivals(stage, juliet)).length, 1);
  await arrivals(stage, capulet);
  await roomGoesOn(stage, juliet, [juliet, capulet]);
});

test("a user may also be in a room under two nicknames", async (t) => {
  const { stage, capulet, romeo, juliet } = await party(t);
  const tomb = await stage.login("romeo", "tomb");
  await entersRoom(stage, tomb, "Ghost");
  assert.equal(await refusal(stage, tomb, `<presence to='${garden}/Romeo'/>`), "conflict cancel");
  await roomGoesOn(stage, tomb, [capulet, romeo, juliet, tomb]);
});

test("§7.2.1: who has lost track and enters by another nickname is sent all anew, and has that nickname", async (t) => {
  const { stage, romeo, juliet, capulet, tomb } = await withTomb(t);
  says(juliet, "Ay me!");
  for (const client of [romeo, juliet, capulet, tomb]) await arrivals(stage, client);
  romeo.send(enters("Montague", garden, "<status>Banished</status>"));
  const all = await arrivals(stage, romeo);
  assert.deepEqual(all.map(fromOf), ["Romeo", "Capulet", "Juliet", "Montague", "Juliet", garden]);
  assert.match(String(all[0]), /type="unavailable".*nick="Montague".*code="303"/);
  assert.match(String(all[3]), /code="110"/);
  assert.deepEqual([all[4]?.getChildText("body"), all[5]?.getChildText("subject")], ["Ay me!", ""]);
  for (const client of [juliet, capulet, tomb]) {
    const [old, present, ...more] = await arrivals(stage, client);
    assert.match(String(old), /code="303"/);
    assert.deepEqual([fromOf(present ?? assert.fail()), present?.getChildText("status")], ["Montague", "Banished"]);
    assert.deepEqual(more, []);
  }
  assert.equal(await refusal(stage, romeo, enters("Juliet")), "conflict cancel");
  await roomGoesOn(stage, romeo, [romeo, juliet, capulet, tomb]);
});

test("who enters again is shown anew to the other sessions behind the nickname, too", async (t) => {
  const { stage, romeo, juliet, tomb } = await withTomb(t);
  for (const client of [romeo, juliet, tomb]) await arrivals(stage, client);
  romeo.send(enters("Romeo", garden, "<show>away</show>"));
  for (const client of [juliet, tomb]) {
    const all = await arrivals(stage, client);
    assert.deepEqual(
      all.map((each) => [fromOf(each), each.getChildText("show")]),
      [["Romeo", "away"]],
    );
  }
});
