// XEP-0433: Extended Channel Search, and the list of rooms (XEP-0045 §6.3), in pages (XEP-0059).
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import type { Element } from "../../src/xml/element.js";
import { type Client, conditionOf } from "../support/client.js";
import { playServer, type Stage } from "../support/play-server.js";
import { configuresRoom, entersRoom, makesRoom, submission, unloading, unloadsRoom } from "../support/rooms.js";

const domain = "rooms.verona.example";
const NS = "urn:xmpp:channel-search:0:search";
const room = (name: string): string => `muc#roomconfig_${name}`;

const all = {
  ball: { [room("roomname")]: "Ball", [room("roomdesc")]: "Masks and music", [room("persistentroom")]: "1" },
  cell: { [room("roomname")]: "The friar's cell", [room("membersonly")]: "1" },
  street: { [room("roomname")]: "A street", [room("roomdesc")]: "Music of swords", [room("whois")]: "anyone" },
  tomb: { [room("roomname")]: "Secret tomb of music", [room("publicroom")]: "0" },
};

/** Rooms of Romeo's; the ball is on disk alone, and Juliet is in the street, too. */
async function city(
  t: TestContext,
): Promise<{ readonly stage: Stage; readonly romeo: Client; readonly juliet: Client }> {
  const stage = await playServer(t, { config: unloading });
  const [romeo, juliet] = [await stage.login("romeo"), await stage.login("juliet")];
  for (const [name, fields] of Object.entries(all)) await makesRoom(stage, romeo, "Romeo", fields, `${name}@${domain}`);
  await unloadsRoom(stage, { Romeo: romeo }, `ball@${domain}`);
  await entersRoom(stage, juliet, "Juliet", `street@${domain}`);
  return { stage, romeo, juliet };
}

function query(fields: Readonly<Record<string, string>>, page = ""): string {
  const form = submission("urn:xmpp:channel-search:0:search-params", fields).toString();
  return `<search xmlns='${NS}'>${form}${page}</search>`;
}

const rsm = (content: string): string => `<set xmlns='http://jabber.org/protocol/rsm'>${content}</set>`;

function namesIn(answer: Element): readonly string[] {
  assert.equal(answer.attrs["type"], "result", answer.toString());
  const items = answer.getChildElements()[0]?.getChildren("item") ?? assert.fail();
  return items.map(({ attrs }) => String(attrs["address"] ?? attrs["jid"]).replace(`@${domain}`, ""));
}

async function finds(client: Client, fields: Readonly<Record<string, string>>, page = ""): Promise<readonly string[]> {
  return namesIn(await client.asks("get", query(fields, page), domain));
}

test("public rooms are found by words of their names, descriptions and addresses, in memory or not", async (t) => {
  const { juliet } = await city(t);
  assert.deepEqual(await finds(juliet, { q: "music" }), ["street", "ball"]);
  assert.deepEqual(await finds(juliet, { q: "  MUSIC   masks " }), ["ball"]);
  assert.deepEqual(await finds(juliet, { q: "music", sindescription: "false" }), []);
  assert.deepEqual(await finds(juliet, { q: "street", sinname: "0", sindescription: "0" }), ["street"]);
  assert.deepEqual(await finds(juliet, { q: "tomb" }), []);
  assert.deepEqual(await finds(juliet, { all: "true", min_users: "2" }), ["street"]);
  assert.deepEqual(await finds(juliet, { all: "true", key: "{urn:xmpp:channel-search:0:order}address" }), [
    "ball",
    "cell",
    "street",
  ]);
  assert.deepEqual(await finds(juliet, { all: "true", types: "none-that-exists" }), []);
});

test("what is told of a room", async (t) => {
  const { juliet } = await city(t);
  const answer = (await juliet.asks("get", query({ q: "street" }), domain)).toString();
  for (const part of [
    `<item address="street@${domain}"><name>A street</name><description>Music of swords</description>`,
    "<nusers>2</nusers>",
    "<is-open>true</is-open>",
    "<anonymity-mode>{urn:xmpp:channel-search:0:anonymity}none</anonymity-mode>",
  ])
    assert.ok(answer.includes(part), `${part} is not in ${answer}`);
  assert.match((await juliet.asks("get", query({ q: "cell" }), domain)).toString(), /<is-open>false/);
});

test("pages, forward and back", async (t) => {
  const { juliet } = await city(t);
  const byAddress = { all: "1", key: "{urn:xmpp:channel-search:0:order}address" };
  assert.deepEqual(await finds(juliet, byAddress, rsm("<max>2</max>")), ["ball", "cell"]);
  assert.deepEqual(await finds(juliet, byAddress, rsm(`<max>2</max><after>cell@${domain}</after>`)), ["street"]);
  assert.deepEqual(await finds(juliet, byAddress, rsm("<max>1</max><before/>")), ["street"]);
  assert.deepEqual(await finds(juliet, byAddress, rsm(`<max>1</max><before>cell@${domain}</before>`)), ["ball"]);
  assert.deepEqual(await finds(juliet, byAddress, rsm("<max>0</max>")), []);
  await juliet.isRefused("item-not-found", "get", query(byAddress, rsm("<after>none</after>")), domain);
  await juliet.isRefused("bad-request", "get", query(byAddress, rsm("<max>many</max>")), domain);
});

test("searches that can't be made, and too many of them", async (t) => {
  const { juliet, romeo } = await city(t);
  const refused = async (fields: Readonly<Record<string, string>>): Promise<string> => {
    const answer = await juliet.asks("get", query(fields), domain);
    return `${conditionOf(answer) ?? ""} ${answer.getChild("error")?.getChildElements().at(-1)?.getName() ?? ""}`;
  };
  assert.match(await refused({}), /^bad-request no-search-conditions/);
  assert.match(await refused({ q: "music", all: "true" }), /^bad-request conflicting-fields/);
  assert.match(await refused({ q: "music", key: "beauty" }), /^feature-not-implemented invalid-sort-key/);
  assert.match((await juliet.asks("get", query({ q: "a" }), domain)).toString(), /invalid-search-terms/);
  for (let count = 0; count < 30; count += 1) await juliet.asks("get", query({ q: "music" }), domain);
  assert.match(await refused({ q: "music" }), /^resource-constraint rate-limit/);
  assert.deepEqual(await finds(romeo, { q: "masks" }), ["ball"]);
});

test("XEP-0045 §6.3: the list of rooms has the public ones, in pages as well", async (t) => {
  const { stage, romeo, juliet } = await city(t);
  const items = (page = ""): string => `<query xmlns='http://jabber.org/protocol/disco#items'>${page}</query>`;
  assert.deepEqual(namesIn(await juliet.asks("get", items(), domain)), ["ball", "cell", "street"]);
  const first = await juliet.asks("get", items(rsm("<max>2</max>")), domain);
  assert.deepEqual(namesIn(first), ["ball", "cell"]);
  assert.match(first.toString(), /<count>3<\/count>/);
  assert.deepEqual(namesIn(await juliet.asks("get", items(rsm(`<after>cell@${domain}</after>`)), domain)), ["street"]);
  await configuresRoom(romeo, { [room("publicroom")]: "0" }, `street@${domain}`);
  await configuresRoom(romeo, { [room("publicroom")]: "1" }, `tomb@${domain}`);
  assert.deepEqual(namesIn(await juliet.asks("get", items(), domain)), ["ball", "cell", "tomb"]);
  // a list that was read just now does not bring back what is gone since
  await romeo.gets("set", "<query xmlns='http://jabber.org/protocol/muc#owner'><destroy/></query>", `ball@${domain}`);
  assert.deepEqual(namesIn(await juliet.asks("get", items(), domain)), ["cell", "tomb"]);
  await stage.settle();
});

test("a room that has just gone out of memory is listed as it was then, not as it was read before", async (t) => {
  const { stage, romeo, juliet } = await city(t);
  const ball = `ball@${domain}`;
  const names = async (): Promise<readonly (readonly string[])[]> => {
    const items = "<query xmlns='http://jabber.org/protocol/disco#items'/>";
    return [namesIn(await juliet.asks("get", items, domain)), await finds(juliet, { q: "music masks" })];
  };
  assert.deepEqual(await names(), [["ball", "cell", "street"], ["ball"]]);
  await entersRoom(stage, romeo, "Romeo", ball);
  await configuresRoom(romeo, { [room("publicroom")]: "0" }, ball);
  await unloadsRoom(stage, { Romeo: romeo }, ball);
  assert.deepEqual(await names(), [["cell", "street"], []]);
  await entersRoom(stage, romeo, "Romeo", ball);
  await configuresRoom(romeo, { [room("publicroom")]: "1", [room("roomname")]: "Feast" }, ball);
  await unloadsRoom(stage, { Romeo: romeo }, ball);
  assert.deepEqual(await names(), [["ball", "cell", "street"], ["ball"]]);
  assert.match((await juliet.asks("get", query({ q: "masks" }), domain)).toString(), /<name>Feast<\/name>/);
});

test("a room that is destroyed while the list is read is not on it", async (t) => {
  const { stage, romeo, juliet } = await city(t);
  const { hostValues } = stage.storage;
  const page = hostValues.page.bind(hostValues);
  let proceed = (): void => assert.fail("It is not read.");
  const isHeld = new Promise<void>((resolve) => (proceed = resolve));
  t.mock.method(hostValues, "page", async (...call: Parameters<typeof page>) => {
    const entries = await page(...call);
    await isHeld;
    return entries;
  });
  const found = finds(juliet, { q: "music" });
  await stage.settle();
  const destruction = "<query xmlns='http://jabber.org/protocol/muc#owner'><destroy/></query>";
  await romeo.gets("set", destruction, `ball@${domain}`);
  proceed();
  assert.deepEqual(await found, ["street"]);
});
