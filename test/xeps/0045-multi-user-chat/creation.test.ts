// Who may make rooms, how many, what they are like at first (XEP-0045 §10.1), and how they end with the service (§11.2).
import assert from "node:assert/strict";
import { test } from "node:test";
import { RemoteDomain } from "../../support/remote-domain.js";
import {
  arrivals,
  enters,
  garden,
  makesRoom,
  muc,
  persistent,
  refusal,
  roomInfo,
  submission,
} from "../../support/rooms.js";
import type { Client } from "../../support/client.js";
import { playServer, Stage } from "../../support/play-server.js";

const at = (name: string): string => `${name}@rooms.verona.example`;
const makes = (name: string): string => enters("Me", at(name));

const policies = {
  everybody: { romeo: "", stranger: "", admin: "" },
  host: { romeo: "", stranger: "not-allowed cancel", admin: "" },
  admins: { romeo: "not-allowed cancel", stranger: "not-allowed cancel", admin: "" },
};

for (const [creation, expected] of Object.entries(policies)) {
  test(`creation = "${creation}"`, async (t) => {
    const config = `[extensions.rooms]\ncreation = '${creation}'
      [hosts."verona.example"]\nadmins = ['escalus@verona.example']\n[hosts."mantua.example"]`;
    const stage = await playServer(t, { hosts: [], config });
    const romeo = await stage.login("romeo");
    const stranger = await stage.login("apothecary", "shop", "mantua.example");
    const admin = await stage.login("escalus");
    assert.equal(await refusal(stage, romeo, makes("a")), expected.romeo);
    assert.equal(await refusal(stage, stranger, makes("b")), expected.stranger);
    assert.equal(await refusal(stage, admin, makes("c")), expected.admin);
  });
}

test("a user owns so many rooms at most, stored and temporary ones, in memory or not", async (t) => {
  const stage = await playServer(t, { config: "[extensions.rooms]\nrooms_per_user = 3\nunload_after = '1s'" });
  const romeo = await stage.login("romeo");
  await makesRoom(stage, romeo, "Me", persistent, at("one"));
  romeo.send(`<presence type='unavailable' to='${at("one")}/Me'/>`);
  for (let round = 0; round < 4; round += 1) {
    await stage.settle();
    stage.clock.advance(1000);
  }
  await makesRoom(stage, romeo, "Me", persistent, at("two"));
  await makesRoom(stage, romeo, "Me", {}, at("three"));
  assert.equal(await refusal(stage, romeo, makes("four")), "not-allowed cancel");
  await romeo.isRefused("item-not-found", "get", "<query xmlns='http://jabber.org/protocol/disco#info'/>", at("four"));
  romeo.send(`<presence type='unavailable' to='${at("three")}/Me'/>`);
  assert.equal(await refusal(stage, romeo, makes("four")), "");
  const juliet = await stage.login("juliet");
  assert.equal(await refusal(stage, juliet, makes("five")), "");
});

test("it helps nobody to ask for many rooms at once", async (t) => {
  const stage = await playServer(t, { config: "[extensions.rooms]\nrooms_per_user = 3" });
  const romeo = await stage.login("romeo");
  for (let count = 0; count < 10; count += 1) romeo.send(makes(`room${count}`));
  const all = await arrivals(stage, romeo);
  assert.equal(all.filter((each) => each.toString().includes('code="201"')).length, 3);
  assert.equal(all.filter(({ attrs }) => attrs["type"] === "error").length, 7);
});

test("nor to have each stored before the next is made, all in one breath", async (t) => {
  const stage = await playServer(t, { config: "[extensions.rooms]\nrooms_per_user = 3" });
  const romeo = await stage.login("romeo");
  const form = submission("http://jabber.org/protocol/muc#roomconfig", persistent).toString();
  const query = `<query xmlns='http://jabber.org/protocol/muc#owner'>${form}</query>`;
  const both = (name: string): string => `${makes(name)}<iq type='set' id='${name}' to='${at(name)}'>${query}</iq>`;
  romeo.send(Array.from({ length: 10 }, (_, count) => both(`room${count}`)).join(""));
  const all = await arrivals(stage, romeo);
  assert.equal(all.filter((each) => each.toString().includes('code="201"')).length, 3);
});

test("new rooms are as the operator wants them for this host", async (t) => {
  const config = `[extensions.rooms]\ndefault_persistent = true\ndefault_public = false\ndefault_members_only = true
    default_moderated = true\ndefault_non_anonymous = true\ndefault_language = 'it'\nhistory = 7`;
  const stage = await playServer(t, { config });
  const romeo = await stage.login("romeo");
  await makesRoom(stage, romeo, "Romeo");
  const { features, fields } = await roomInfo(romeo);
  const types = features.filter((feature) => feature.startsWith("muc_"));
  assert.deepEqual(types.sort(), [
    "muc_hidden",
    "muc_membersonly",
    "muc_moderated",
    "muc_nonanonymous",
    "muc_persistent",
    "muc_unsecured",
  ]);
  assert.deepEqual([fields.get("muc#roominfo_lang"), fields.get("muc#maxhistoryfetch")], ["it", "7"]);
});

test("each host has wishes of its own", async (t) => {
  const config = `[extensions.rooms]\ndefault_public = false
    [hosts."verona.example".extensions.rooms]\ndefault_members_only = true\nrooms_per_user = 1
    [hosts."mantua.example".extensions.rooms]\naddress = "chat.mantua.example"\ndefault_public = true`;
  const stage = await playServer(t, { hosts: [], config });
  const [romeo, apothecary] = [await stage.login("romeo"), await stage.login("apothecary", "shop", "mantua.example")];
  const shop = "shop@chat.mantua.example";
  await makesRoom(stage, romeo, "Romeo");
  await makesRoom(stage, apothecary, "Apothecary", {}, shop);
  await makesRoom(stage, apothecary, "Apothecary", {}, `2${shop}`);
  const typesOf = async (client: Client, room: string): Promise<readonly string[]> => {
    const { features } = await roomInfo(client, room);
    return features.filter((feature) => ["muc_hidden", "muc_public", "muc_open", "muc_membersonly"].includes(feature));
  };
  assert.deepEqual(await typesOf(romeo, garden), ["muc_hidden", "muc_membersonly"]);
  assert.deepEqual(await typesOf(apothecary, shop), ["muc_public", "muc_open"]);
  assert.equal(await refusal(stage, romeo, makes("tomb")), "not-allowed cancel");
});

test("a language that no owner could send back in the form is no default", async (t) => {
  const config = "[extensions.rooms]\ndefault_language = 'the language of flowers'";
  const problem = /default_language: found "the language of flowers", allowed: a language tag such as "de"/;
  await assert.rejects(playServer(t, { config }), problem);
});

test("§10.1.3: a new room whose maker leaves, or cancels, before it is configured is gone", async (t) => {
  const stage = await playServer(t);
  const [romeo, juliet] = [await stage.login("romeo"), await stage.login("juliet")];
  romeo.send(makes("garden"));
  await arrivals(stage, romeo);
  romeo.send(`<presence type='unavailable' to='${garden}/Me'/>`);
  assert.match((await arrivals(stage, romeo)).join(), /<destroy\/>/);
  juliet.send(makes("garden"));
  assert.match((await arrivals(stage, juliet)).join(), /code="201"/);
  const cancel = "<query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='cancel'/></query>";
  await juliet.gets("set", cancel, garden);
  assert.match((await arrivals(stage, juliet)).join(), /<destroy\/>/);
  assert.equal(await refusal(stage, romeo, makes("garden")), "");
});

const invitation = `<message to='${garden}'><x xmlns='http://jabber.org/protocol/muc#user'>
  <invite to='juliet@verona.example'/></x></message>`;
const unlocking = {
  speaks: `<message type='groupchat' to='${garden}'><body>Is anybody here?</body></message>`,
  "sets the subject": `<message type='groupchat' to='${garden}'><subject>Roses</subject></message>`,
  "invites somebody": invitation,
};

for (const [what, message] of Object.entries(unlocking)) {
  test(`whoever ${what} in a room that they have made takes it as it is: others may enter, and it stays`, async (t) => {
    const stage = await playServer(t, { config: "[extensions.rooms]\ndefault_persistent = true" });
    const [romeo, juliet] = [await stage.login("romeo"), await stage.login("juliet")];
    romeo.send(makes("garden"));
    await arrivals(stage, romeo);
    assert.equal(await refusal(stage, juliet, enters("Juliet")), "item-not-found cancel");
    romeo.send(message);
    await stage.settle();
    await arrivals(stage, juliet);
    assert.equal(await refusal(stage, juliet, enters("Juliet")), "");
    assert.ok((await roomInfo(juliet)).features.includes("muc_persistent"));
    for (const client of [romeo, juliet]) client.send(`<presence type='unavailable' to='${garden}/Me'/>`);
    await stage.settle();
    assert.equal(await refusal(stage, juliet, enters("Juliet")), "", "it is still there");
  });
}

test("§10.1.1: what a client sends of itself, or what others send, unlocks no room", async (t) => {
  const stage = await playServer(t);
  const [romeo, juliet] = [await stage.login("romeo"), await stage.login("juliet")];
  romeo.send(makes("garden"));
  await arrivals(stage, romeo);
  const composing = "<composing xmlns='http://jabber.org/protocol/chatstates'/>";
  romeo.send(`<message type='groupchat' to='${garden}'>${composing}</message>`);
  for (const message of Object.values(unlocking)) juliet.send(message);
  await stage.settle();
  await arrivals(stage, juliet);
  assert.equal(await refusal(stage, juliet, enters("Juliet")), "item-not-found cancel");
});

const patient =
  "[extensions.rooms]\nunlock_timeout = '10m'\n[clients]\nidle_timeout = '1d'\n[extensions.ping]\nenabled = false";

async function minutesPass(stage: Stage, count: number): Promise<void> {
  for (let minutes = 0; minutes < count; minutes += 1) {
    stage.clock.advance(60_000);
    await stage.settle();
  }
}

test("§10.1.3: whoever asks for no form has accepted a new room as it is after a while", async (t) => {
  const stage = await playServer(t, { config: patient });
  const [romeo, juliet] = [await stage.login("romeo"), await stage.login("juliet")];
  romeo.send(makes("garden"));
  await arrivals(stage, romeo);
  assert.equal(await refusal(stage, juliet, enters("Juliet")), "item-not-found cancel");
  await minutesPass(stage, 2);
  assert.equal(await refusal(stage, juliet, enters("Juliet")), "");
  await minutesPass(stage, 15);
  assert.equal((await arrivals(stage, romeo)).join().includes("<destroy"), false, "the maker stays");
});

test("§10.1.3: a new room whose maker looks at the form waits for it, but not for ever", async (t) => {
  const stage = await playServer(t, { config: patient });
  const [romeo, juliet] = [await stage.login("romeo"), await stage.login("juliet")];
  romeo.send(makes("garden"));
  await arrivals(stage, romeo);
  romeo.send(`<iq type='get' id='form' to='${garden}'><query xmlns='http://jabber.org/protocol/muc#owner'/></iq>`);
  assert.match((await arrivals(stage, romeo)).join(), /type="form"/);
  await minutesPass(stage, 8);
  assert.equal(await refusal(stage, juliet, enters("Juliet")), "item-not-found cancel");
  await minutesPass(stage, 7);
  const gone = await arrivals(stage, romeo);
  assert.match(gone.join(), /<destroy>?/, "the maker is put out");
  juliet.send(makes("garden"));
  assert.match((await arrivals(stage, juliet)).join(), /code="201"/);
});

test("§11.2: when the service ends, everybody is told so", async () => {
  const stage = new Stage({});
  await stage.start();
  const mantua = new RemoteDomain(stage, "mantua.example");
  await makesRoom(stage, await stage.login("romeo"), "Romeo");
  mantua.sends(`<presence from='apothecary@mantua.example/shop' to='${garden}/Apothecary'>${muc}</presence>`);
  await stage.settle();
  mantua.received.length = 0;
  await stage.stop();
  const [told] = mantua.received.filter((each) => each.toString().includes('code="332"'));
  assert.deepEqual([told?.attrs["type"], told?.attrs["from"]], ["unavailable", `${garden}/Apothecary`]);
});

test("a host without rooms has nothing that belongs to them, and starts all the same", async (t) => {
  const stage = await playServer(t, { config: "[extensions.rooms]\nenabled = false" });
  const romeo = await stage.login("romeo");
  const items = "<query xmlns='http://jabber.org/protocol/disco#items'/>";
  await romeo.gets("get", items, "verona.example", items);
});
