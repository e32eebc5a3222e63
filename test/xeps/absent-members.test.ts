// Members who aren't there: a room's messages in the accounts of those who are not in it.
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { StorageError } from "../../src/storage/storage-error.js";
import { type Element, xml } from "../../src/xml/element.js";
import { type Client, conditionOf } from "../support/client.js";
import { playServer, type Stage } from "../support/play-server.js";
import {
  adminQuery,
  arrivals,
  configuresRoom,
  enters,
  entersRoom,
  garden,
  makesRoom,
  persistent,
  roomInfo,
  submission,
  unloading,
  unloadsRoom,
} from "../support/rooms.js";

const REGISTER = "jabber:iq:register";
const FEATURE = "http://tigase.org/protocol/muc#offline";
const CHOICE = "{http://tigase.org/protocol/muc}offline";
const OFFER = "{http://tigase.org/protocol/muc}roomconfig_offline";
const offering = { ...persistent, [OFFER]: "1" };

/** Capulet owns the room and is in it. */
async function garret(
  t: Parameters<typeof playServer>[0],
  fields: Readonly<Record<string, string>> = offering,
  config = "",
): Promise<{ readonly stage: Stage; readonly capulet: Client }> {
  const stage = await playServer(t, {
    hosts: ["verona.example", "mantua.example"],
    config: unloading + config,
  });
  const capulet = await stage.login("capulet", "hall");
  await makesRoom(stage, capulet, "Capulet", fields);
  return { stage, capulet };
}

function registration(nick: string, choice?: string): Element {
  const fields = { "muc#register_roomnick": nick, ...(choice === undefined ? {} : { [CHOICE]: choice }) };
  return xml("query", { xmlns: REGISTER }, submission("http://jabber.org/protocol/muc#register", fields));
}

/** Registers with the room, and wants its messages. */
function chooses(client: Client, nick: string, choice = "1"): Promise<void> {
  return client.gets("set", registration(nick, choice), garden);
}

/** Says it in the room; resolves with the id by which the room calls it. */
async function says(stage: Stage, client: Client, body: string): Promise<string> {
  client.send(xml("message", { to: garden, type: "groupchat", id: body }, xml("body", {}, body)));
  const said = (await arrivals(stage, client)).find((each) => each.getChildText("body") === body);
  return idOf(said ?? assert.fail(`${body} was not said`));
}

function idOf(message: Element): string {
  const element = message.getChild("stanza-id", "urn:xmpp:sid:0") ?? assert.fail(message.toString());
  assert.equal(element.attrs["by"], garden);
  return String(element.attrs["id"]);
}

/** The messages to all among these, as body and the id by which the room calls each. */
function messagesIn(stanzas: readonly Element[]): readonly (readonly [string, string])[] {
  const messages = stanzas.filter((each) => each.is("message") && each.getChild("body") !== undefined);
  return messages.map((message) => {
    assert.equal(message.attrs["type"], "groupchat");
    assert.match(String(message.attrs["from"]), new RegExp(`^${garden}/`));
    return [message.getChildText("body") ?? "", idOf(message)];
  });
}

function bodiesIn(stanzas: readonly Element[]): readonly string[] {
  return messagesIn(stanzas).map(([body]) => body);
}

/** A session of somebody who comes online; and all that comes to it. */
async function comes(stage: Stage, user: string, resource: string): Promise<readonly [Client, readonly Element[]]> {
  const client = await stage.enter(user, resource);
  return [client, await arrivals(stage, client)];
}

test("what is said while a member is not there waits in their account, with the ids of the room's history", async (t) => {
  const { stage, capulet } = await garret(t);
  const juliet = await stage.login("juliet", "balcony");
  await chooses(juliet, "Juliet");
  await juliet.leaves();
  await arrivals(stage, capulet);
  const ids = [await says(stage, capulet, "1"), await says(stage, capulet, "2")];
  stage.clock.advance(60_000);
  const [again, offline] = await comes(stage, "juliet", "balcony");
  assert.deepEqual(messagesIn(offline), [
    ["1", ids[0]],
    ["2", ids[1]],
  ]);
  assert.equal(offline[0]?.attrs["to"], "juliet@verona.example");
  const delays = offline[0].getChildren("delay", "urn:xmpp:delay").map(({ attrs }) => ({ ...attrs }));
  assert.deepEqual(delays, [{ xmlns: "urn:xmpp:delay", from: "verona.example", stamp: "2026-04-23T20:00:00Z" }]);
  // whoever joins can tell that these are the same
  assert.deepEqual(messagesIn(await entersRoom(stage, again, "Juliet")), messagesIn(offline));
});

test("sessions that are online but not in the room get it at once, those in the room get it once", async (t) => {
  const { stage, capulet } = await garret(t);
  const balcony = await stage.enter("juliet", "balcony");
  await chooses(balcony, "Juliet");
  const chamber = await stage.enter("juliet", "chamber");
  const silent = await stage.login("juliet", "silent");
  await entersRoom(stage, chamber, "Juliet");
  for (const client of [balcony, capulet]) await arrivals(stage, client);
  const id = await says(stage, capulet, "Good night");
  const [copy = assert.fail()] = await arrivals(stage, balcony);
  assert.deepEqual(messagesIn([copy]), [["Good night", id]]);
  assert.equal(copy.attrs["to"], "juliet@verona.example/balcony");
  assert.equal(copy.getChild("delay"), undefined);
  assert.deepEqual(messagesIn(await arrivals(stage, chamber)), [["Good night", id]]);
  await stage.receiveNothing(balcony, chamber, silent);
});

test("nothing is stored for whoever is in the room without being available anywhere", async (t) => {
  const { stage, capulet } = await garret(t);
  const juliet = await stage.login("juliet", "balcony");
  await chooses(juliet, "Juliet");
  await entersRoom(stage, juliet, "Juliet");
  await says(stage, capulet, "Good night");
  assert.equal(messagesIn(await arrivals(stage, juliet)).length, 1);
  await juliet.leaves();
  const [, offline] = await comes(stage, "juliet", "balcony");
  assert.deepEqual(offline, []);
});

test("only what is kept is brought: no chat states, no subjects; what the room itself says is", async (t) => {
  const { stage, capulet } = await garret(t);
  const juliet = await stage.enter("juliet", "balcony");
  await chooses(juliet, "Juliet");
  const id = await says(stage, capulet, "Hang thee!");
  await arrivals(stage, juliet);
  const states = "<composing xmlns='http://jabber.org/protocol/chatstates'/>";
  capulet.send(`<message to='${garden}' type='groupchat'>${states}</message>`);
  capulet.send(`<message to='${garden}' type='groupchat'><subject>Paris</subject></message>`);
  await stage.receiveNothing(juliet);
  const retract = "<retract xmlns='urn:xmpp:message-retract:1'/>";
  await capulet.gets("set", `<moderate xmlns='urn:xmpp:message-moderate:1' id='${id}'>${retract}</moderate>`, garden);
  const [retraction = assert.fail()] = await arrivals(stage, juliet);
  assert.equal(retraction.getChild("retract")?.attrs["id"], id);
  assert.equal(retraction.attrs["from"], garden);
});

test("a room offers it only if its owner has said so", async (t) => {
  const { stage, capulet } = await garret(t, persistent);
  const juliet = await stage.enter("juliet", "balcony");
  const isShown = async (): Promise<boolean> =>
    (await juliet.asks("get", `<query xmlns='${REGISTER}'/>`, garden)).toString().includes(CHOICE);
  assert.equal(await isShown(), false);
  assert.ok(!(await roomInfo(juliet)).features.includes(FEATURE));
  await juliet.isRefused("not-allowed", "set", registration("Juliet", "1"), garden);
  await configuresRoom(capulet, { [OFFER]: "1" });
  assert.equal(await isShown(), true);
  assert.ok((await roomInfo(juliet)).features.includes(FEATURE));
  await chooses(juliet, "Juliet");
  await configuresRoom(capulet, { [OFFER]: "0" });
  await arrivals(stage, juliet);
  await says(stage, capulet, "Not for you");
  await stage.receiveNothing(juliet);
});

test("the owner's field is a boolean that is off", async (t) => {
  const { capulet } = await garret(t, persistent);
  const query = "<query xmlns='http://jabber.org/protocol/muc#owner'/>";
  const form = (await capulet.asks("get", query, garden)).getChild("query")?.getChild("x", "jabber:x:data");
  const field = form?.getChildren("field").find(({ attrs }) => attrs["var"] === OFFER) ?? assert.fail();
  assert.deepEqual([field.attrs["type"], field.getChildText("value")], ["boolean", "0"]);
  const bad = submission("http://jabber.org/protocol/muc#roomconfig", { [OFFER]: "maybe" });
  const set = xml("query", { xmlns: "http://jabber.org/protocol/muc#owner" }, bad);
  await capulet.isRefused("not-acceptable", "set", set, garden);
});

test("the form shows whoever has registered what they have chosen, and they may choose otherwise", async (t) => {
  const { stage, capulet } = await garret(t);
  const juliet = await stage.enter("juliet", "balcony");
  const shown = async (): Promise<readonly unknown[]> => {
    const query = (await juliet.asks("get", `<query xmlns='${REGISTER}'/>`, garden)).getChild("query") ?? assert.fail();
    const fields = query.getChild("x", "jabber:x:data")?.getChildren("field") ?? [];
    const values = fields.map((field) => [field.attrs["var"], field.getChildText("value")] as const);
    const of = new Map(values);
    return [query.getChild("registered") !== undefined, of.get("muc#register_roomnick"), of.get(CHOICE)];
  };
  assert.deepEqual(await shown(), [false, null, "0"]);
  await chooses(juliet, "Juliet", "true");
  assert.deepEqual(await shown(), [true, "Juliet", "1"]);
  await juliet.gets("set", registration("Jule"), garden); // a client that does not know the field
  assert.deepEqual(await shown(), [true, "Jule", "1"]);
  await juliet.isRefused("not-acceptable", "set", registration("Jule", "perhaps"), garden);
  await chooses(juliet, "Jule", "0");
  assert.deepEqual(await shown(), [true, "Jule", "0"]);
  await arrivals(stage, juliet);
  await says(stage, capulet, "Not for you");
  await stage.receiveNothing(juliet);
});

test("it is not for users of other hosts: their servers would not take such messages", async (t) => {
  const { stage } = await garret(t);
  const romeo = await stage.login("romeo", "street", "mantua.example");
  const form = await romeo.asks("get", `<query xmlns='${REGISTER}'/>`, garden);
  assert.ok(!form.toString().includes(CHOICE));
  const answer = await romeo.asks("set", registration("Romeo", "1"), garden);
  assert.equal(conditionOf(answer), "not-allowed");
  assert.match(answer.getChild("error")?.getChildText("text") ?? "", /Only users of verona\.example/);
  await romeo.gets("set", registration("Romeo", "0"), garden);
});

test("it ends with the membership, whoever ends that", async (t) => {
  const { stage, capulet } = await garret(t);
  const juliet = await stage.enter("juliet", "balcony");
  const ends: (() => Promise<void>)[] = [
    () => juliet.gets("set", `<query xmlns='${REGISTER}'><remove/></query>`, garden),
    () => affiliates(capulet, "none"),
    () => affiliates(capulet, "outcast"),
  ];
  for (const end of ends) {
    await chooses(juliet, "Juliet");
    await arrivals(stage, juliet);
    await says(stage, capulet, "For you");
    assert.equal(messagesIn(await arrivals(stage, juliet)).length, 1);
    await end();
    await arrivals(stage, juliet);
    await says(stage, capulet, "Not for you");
    await stage.receiveNothing(juliet);
    await affiliates(capulet, "none");
  }
  // it stays ended when they are members again
  await affiliates(capulet, "member");
  await arrivals(stage, juliet);
  await says(stage, capulet, "Not for you");
  await stage.receiveNothing(juliet);
});

test("a member who becomes an admin still gets them", async (t) => {
  const { stage, capulet } = await garret(t);
  const juliet = await stage.enter("juliet", "balcony");
  await chooses(juliet, "Juliet");
  await affiliates(capulet, "admin");
  await arrivals(stage, juliet);
  await says(stage, capulet, "For you");
  assert.equal(messagesIn(await arrivals(stage, juliet)).length, 1);
});

test("it ends with the room", async (t) => {
  const { stage, capulet } = await garret(t);
  const juliet = await stage.enter("juliet", "balcony");
  await chooses(juliet, "Juliet");
  await capulet.gets("set", "<query xmlns='http://jabber.org/protocol/muc#owner'><destroy/></query>", garden);
  await arrivals(stage, capulet);
  await makesRoom(stage, capulet, "Capulet", offering);
  await unloadsRoom(stage, { Capulet: capulet });
  await entersRoom(stage, capulet, "Capulet");
  await says(stage, capulet, "Not for you");
  await stage.receiveNothing(juliet);
});

test("the choice is there again when the room is read from storage, and so is one made before the room was kept", async (t) => {
  for (const first of [offering, { [OFFER]: "1" }]) {
    const { stage, capulet } = await garret(t, first);
    const juliet = await stage.enter("juliet", "balcony");
    await chooses(juliet, "Juliet");
    await configuresRoom(capulet, offering);
    await unloadsRoom(stage, { Capulet: capulet });
    await entersRoom(stage, capulet, "Capulet");
    await arrivals(stage, juliet);
    await says(stage, capulet, "For you");
    assert.equal(messagesIn(await arrivals(stage, juliet)).length, 1);
  }
});

test("so many may choose so, and those who have chosen may choose again", async (t) => {
  const { stage } = await garret(t, offering, "[extensions.absent-members]\nmembers = 1");
  const juliet = await stage.login("juliet", "balcony");
  const romeo = await stage.login("romeo");
  await chooses(juliet, "Juliet");
  await chooses(juliet, "Jule");
  await romeo.isRefused("resource-constraint", "set", registration("Romeo", "1"), garden);
  await chooses(juliet, "Jule", "0");
  await chooses(romeo, "Romeo");
});

test("an account that is gone is forgotten, and whoever takes its name gets nothing", async (t) => {
  const { stage, capulet } = await garret(t);
  const juliet = await stage.login("juliet", "balcony");
  await chooses(juliet, "Juliet");
  await stage.authentication.accounts.delete({ host: "verona.example", user: "juliet" });
  await says(stage, capulet, "Vanished?");
  const again = await stage.enter("juliet", "balcony");
  await says(stage, capulet, "Not for you");
  await stage.receiveNothing(again);
});

test("a full account loses the copy, not the message, and nobody else notices", async (t) => {
  const { stage, capulet } = await garret(t, offering, "[accounts]\noffline_messages = 1");
  const juliet = await stage.login("juliet", "balcony");
  await chooses(juliet, "Juliet");
  await juliet.leaves();
  for (const body of ["1", "2"]) await says(stage, capulet, body);
  const [again, offline] = await comes(stage, "juliet", "balcony");
  assert.deepEqual(
    messagesIn(offline).map(([body]) => body),
    ["1"],
  );
  assert.deepEqual(
    messagesIn(await entersRoom(stage, again, "Juliet")).map(([body]) => body),
    ["1", "2"],
  );
});

test("what storage refuses is logged, and the message has been said all the same", async (t) => {
  const { stage, capulet } = await garret(t);
  const juliet = await stage.login("juliet", "balcony");
  await chooses(juliet, "Juliet");
  await juliet.leaves();
  t.mock.method(stage.storage.offline, "appendToAll", async () => {
    throw new StorageError("refused", "The disk is full of love letters.");
  });
  await says(stage, capulet, "Where art thou?");
  assert.match(stage.errors.splice(0).join(), /room-message-not-stored/);
  await stage.receiveNothing(capulet);
});

/** Copies are stored when the test says so, in the order of the calls. */
function holdCopies(t: TestContext, stage: Stage): { readonly stored: number; release(most?: number): Promise<void> } {
  const held: (() => void)[] = [];
  const store = stage.storage.offline.appendToAll.bind(stage.storage.offline);
  t.mock.method(stage.storage.offline, "appendToAll", async (...call: Parameters<typeof store>) => {
    const result = store(...call);
    await new Promise<void>((resolve) => held.push(resolve));
    state.stored += 1;
    return result;
  });
  const state = {
    stored: 0,
    async release(most = Infinity) {
      for (let count = 0; count < most && held.length > 0; count += 1) {
        held.shift()?.();
        await stage.settle();
      }
    },
  };
  return state;
}

function line(body: string): Element {
  return xml("message", { to: garden, type: "groupchat", id: body }, xml("body", {}, body));
}

test("nobody sees what is not stored yet for whoever is not there", async (t) => {
  const { stage, capulet } = await garret(t);
  const juliet = await stage.login("juliet", "balcony");
  await chooses(juliet, "Juliet");
  await juliet.leaves();
  await arrivals(stage, capulet);
  const copies = holdCopies(t, stage);
  capulet.send(line("1"));
  await stage.receiveNothing(capulet);
  await copies.release();
  assert.equal(messagesIn(await arrivals(stage, capulet)).length, 1);
});

test("copies and history go to the disk as one: what is found in one of them after a crash is in the other", async (t) => {
  const { stage, capulet } = await garret(t);
  const juliet = await stage.login("juliet", "balcony");
  await chooses(juliet, "Juliet");
  await juliet.leaves();
  const calls: string[] = [];
  const { offline, archive } = stage.storage;
  const [store, append] = [offline.appendToAll.bind(offline), archive.append.bind(archive)];
  const together = stage.storage.together.bind(stage.storage);
  t.mock.method(stage.storage, "together", <T>(job: () => T): T => {
    calls.push("begin");
    const result = together(job);
    calls.push("end");
    return result;
  });
  t.mock.method(offline, "appendToAll", (...call: Parameters<typeof store>) => (calls.push("copies"), store(...call)));
  t.mock.method(archive, "append", (...call: Parameters<typeof append>) => (calls.push("history"), append(...call)));
  await says(stage, capulet, "Where art thou?");
  assert.deepEqual(calls, ["begin", "copies", "history", "end"]);
});

test("speakers wait when storage can't keep up", async (t) => {
  const { stage, capulet } = await garret(t, offering, "[extensions.absent-members]\nmembers = 1");
  const juliet = await stage.login("juliet", "balcony");
  await chooses(juliet, "Juliet");
  await juliet.leaves();
  await arrivals(stage, capulet);
  const copies = holdCopies(t, stage);
  for (let number = 1; number <= 51; number += 1) capulet.send(line(String(number)));
  const [refused = assert.fail()] = await arrivals(stage, capulet);
  assert.deepEqual([conditionOf(refused), refused.attrs["id"]], ["resource-constraint", "51"]);
  // whoever enters meanwhile does so once all is stored
  const romeo = await stage.login("romeo");
  romeo.send(enters("Romeo"));
  await stage.receiveNothing(romeo);
  await copies.release();
  assert.equal(copies.stored, 50);
  assert.equal(messagesIn(await arrivals(stage, capulet)).length, 50);
  assert.ok((await arrivals(stage, romeo)).length > 0);
  capulet.send(line("52"));
  await stage.settle();
  await copies.release();
  assert.equal(messagesIn(await arrivals(stage, capulet)).length, 1);
});

test("whoever goes while messages are being stored finds all of them in order", async (t) => {
  const { stage, capulet } = await garret(t);
  const juliet = await stage.enter("juliet", "balcony");
  const nurse = await stage.login("nurse", "chamber");
  for (const [client, nick] of [
    [juliet, "Juliet"],
    [nurse, "Nurse"],
  ] as const)
    await chooses(client, nick);
  await nurse.leaves();
  for (const client of [juliet, capulet]) await arrivals(stage, client);
  const copies = holdCopies(t, stage);
  for (const body of ["1", "2"]) capulet.send(line(body));
  await stage.settle();
  await juliet.leaves();
  for (const body of ["3", "4"]) capulet.send(line(body));
  await stage.settle();
  await copies.release();
  const ids = messagesIn(await arrivals(stage, capulet));
  assert.deepEqual(
    ids.map(([body]) => body),
    ["1", "2", "3", "4"],
  );
  for (const [user, resource] of [
    ["juliet", "balcony"],
    ["nurse", "chamber"],
  ] as const) {
    const [, offline] = await comes(stage, user, resource);
    assert.deepEqual(messagesIn(offline), ids, user);
  }
});

test("nobody sees what is not stored yet for whoever has gone since it was said", async (t) => {
  const { stage, capulet } = await garret(t);
  const juliet = await stage.enter("juliet", "balcony");
  const nurse = await stage.enter("nurse", "chamber");
  await chooses(juliet, "Juliet");
  await chooses(nurse, "Nurse");
  await juliet.leaves();
  for (const client of [nurse, capulet]) await arrivals(stage, client);
  const copies = holdCopies(t, stage);
  for (const body of ["1", "2"]) capulet.send(line(body));
  await stage.settle();
  await nurse.leaves();
  await copies.release(1); // Juliet's of the first one
  await stage.receiveNothing(capulet);
  await copies.release(2); // hers of the second one, the Nurse's of the first one
  assert.deepEqual(bodiesIn(await arrivals(stage, capulet)), ["1"]);
  await copies.release();
  assert.deepEqual(bodiesIn(await arrivals(stage, capulet)), ["2"]);
  for (const [user, resource] of [
    ["juliet", "balcony"],
    ["nurse", "chamber"],
  ] as const)
    assert.deepEqual(bodiesIn((await comes(stage, user, resource))[1]), ["1", "2"], user);
});

test("whoever goes before the one message that is being stored is shown finds it, and is not sent it twice", async (t) => {
  const { stage, capulet } = await garret(t);
  const juliet = await stage.enter("juliet", "balcony");
  const nurse = await stage.login("nurse", "chamber");
  await chooses(juliet, "Juliet");
  await chooses(nurse, "Nurse");
  await nurse.leaves();
  for (const client of [juliet, capulet]) await arrivals(stage, client);
  const copies = holdCopies(t, stage);
  capulet.send(line("1"));
  await stage.settle();
  await juliet.leaves();
  const [again, early] = await comes(stage, "nurse", "chamber"); // her copy is on its way already
  await copies.release();
  await stage.settle();
  await copies.release();
  const ids = messagesIn(await arrivals(stage, capulet));
  const [, offline] = await comes(stage, "juliet", "balcony");
  assert.deepEqual(messagesIn(offline), ids);
  assert.deepEqual(messagesIn([...early, ...(await arrivals(stage, again))]), ids);
});

function affiliates(client: Client, affiliation: string): Promise<void> {
  const item = `<item jid='juliet@verona.example' affiliation='${affiliation}'/>`;
  return client.gets("set", adminQuery(item), garden);
}
