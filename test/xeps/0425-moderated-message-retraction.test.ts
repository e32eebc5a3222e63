// XEP-0425 for clients that know its version 0.3 and for those that know but 0.2; what both have is in 0424-message-retraction.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Jid } from "../../src/jid/jid.js";
import type { Element } from "../../src/xml/element.js";
import {
  arrivals,
  entersRoom,
  garden,
  party,
  persistent,
  refusal,
  roomGoesOn,
  roomInfo,
  said,
  says,
} from "../support/rooms.js";

const FASTENING = "urn:xmpp:fasten:0";
const RETRACT = "urn:xmpp:message-retract:";
const MODERATE = "urn:xmpp:message-moderate:";

const fastened = (content: string, id = "x"): string =>
  `<apply-to xmlns='${FASTENING}' id='${id}'>${content}</apply-to>`;
const requests = {
  "0.3": (id: string, reason: string) =>
    `<moderate xmlns='${MODERATE}1' id='${id}'><retract xmlns='${RETRACT}1'/>${reason}</moderate>`,
  "0.2": (id: string, reason: string) =>
    fastened(`<moderate xmlns='${MODERATE}0'><retract xmlns='${RETRACT}0'/>${reason}</moderate>`, id),
};

/** By whom and why. */
function verdictOf(
  moderated: Element | undefined,
  reason: string | null | undefined,
): Readonly<Record<string, string>> {
  const occupant = moderated?.getChild("occupant-id", "urn:xmpp:occupant-id:0");
  return { by: String(moderated?.attrs["by"]), occupant: String(occupant?.attrs["id"]), reason: reason ?? "" };
}

/** What each generation of clients reads: of which message, by whom, why. */
function read(message: Element | undefined): Readonly<Record<string, string>> {
  const retract = message?.getChild("retract", `${RETRACT}1`);
  const fastening = message?.getChild("apply-to", FASTENING);
  const old = fastening?.getChild("moderated", `${MODERATE}0`);
  assert.ok(old?.getChild("retract", `${RETRACT}0`), String(message));
  const verdict = verdictOf(retract?.getChild("moderated", `${MODERATE}1`), retract?.getChildText("reason"));
  assert.deepEqual(verdictOf(old, old?.getChildText("reason")), verdict);
  assert.equal(fastening?.attrs["id"], retract?.attrs["id"]);
  return { ...verdict, id: String(retract?.attrs["id"]) };
}

test("a room says that it understands both versions", async (t) => {
  const { capulet } = await party(t);
  const { features } = await roomInfo(capulet);
  for (const version of [0, 1]) assert.ok(features.includes(`${MODERATE}${version}`));
});

for (const [version, request] of Object.entries(requests)) {
  test(`a moderator who asks by version ${version}: clients of both are told the same, and newcomers too`, async (t) => {
    const all = await party(t, { fields: persistent });
    const id = await said(all, "Draw, if you be men!");
    await all.capulet.gets("set", request(id, "<reason>Put up your swords.</reason>"), garden);
    for (const client of all.everybody) {
      const [told] = await arrivals(all.stage, client);
      const { by, occupant, ...more } = read(told);
      assert.deepEqual([told?.attrs["from"], by], [garden, `${garden}/Capulet`]);
      assert.notEqual(occupant, "undefined");
      assert.deepEqual(more, { id, reason: "Put up your swords." });
    }
    const past = await entersRoom(all.stage, await all.stage.login("paris"), "Paris");
    const [left, told] = past.filter((each) => each.getChild("delay") !== undefined);
    assert.match(String(left), /<retracted[^]*<moderated[^]*Put up your swords/);
    assert.equal(read(told)["id"], id);
    assert.doesNotMatch(past.join(""), /Draw/);
  });

  test(`nobody else is heard who asks by version ${version}, nor is a request that makes no sense`, async (t) => {
    const all = await party(t, { fields: persistent });
    const { stage, capulet, romeo, everybody } = all;
    const id = await said(all, "I defy you, stars!");
    const tybalt = await stage.login("tybalt");
    for (const client of [romeo, tybalt]) await client.isRefused("forbidden", "set", request(id, ""), garden);
    await capulet.isRefused("item-not-found", "set", request("none", ""), garden);
    await capulet.isRefused("policy-violation", "set", request(id, `<reason>${"O".repeat(1001)}</reason>`), garden);
    const [noRetract, noId] = [request(id, "").replace(/<retract[^>]*>/, ""), request("", "").replace("id=''", "")];
    for (const senseless of [noRetract, noId]) await capulet.isRefused("bad-request", "set", senseless, garden);
    await stage.receiveNothing(...everybody);
  });
}

test("the operator's word is understood by clients of both versions", async (t) => {
  const all = await party(t, { fields: persistent });
  const id = await said(all, "Draw, if you be men!");
  const offers = all.stage.router.hosts.get("verona.example")?.offers.get("rooms") ?? assert.fail();
  assert.equal(await offers.takeBack(Jid.parse(garden), id, undefined), true);
  for (const client of all.everybody) {
    const [told] = await arrivals(all.stage, client);
    assert.deepEqual(read(told), { by: garden, occupant: "undefined", id, reason: "" });
  }
});

test("what is fastened to a message is none of the room's business otherwise", async (t) => {
  const { stage, capulet, romeo, everybody } = await party(t);
  const like = fastened("<i-like-this xmlns='urn:example:like'/>");
  for (const client of [capulet, romeo]) await client.isRefused("service-unavailable", "set", like, garden);
  says(romeo, "That which we call a rose", like);
  for (const client of everybody) assert.match((await arrivals(stage, client)).join(""), /<i-like-this/);
});

const carriers = {
  retract: (content = "") => `<retract xmlns='${RETRACT}1' id='x'>${content}</retract>`,
  "apply-to": fastened,
};

for (const [name, carrier] of Object.entries(carriers))
  test(`nobody but the room says that somebody was moderated: in <${name}/>, or in a second one`, async (t) => {
    const { stage, capulet, juliet, everybody } = await party(t, { fields: persistent });
    for (const client of [capulet, juliet]) {
      for (const version of [0, 1]) {
        const forged = carrier(`<moderated xmlns='${MODERATE}${version}' by='${garden}/Capulet'/>`);
        for (const before of ["", "<body>Draw!</body>", carrier("")]) {
          const message = `<message type='groupchat' to='${garden}'>${before}${forged}</message>`;
          assert.equal(await refusal(stage, client, message), "forbidden auth");
        }
      }
    }
    await stage.receiveNothing(...everybody);
    await roomGoesOn(stage, juliet, everybody);
  });
