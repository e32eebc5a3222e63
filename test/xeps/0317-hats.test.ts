// XEP-0317: Hats, by the commands of XEP-0050.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Element, xml } from "../../src/xml/element.js";
import { type Client, conditionOf } from "../support/client.js";
import { playServer, type Stage } from "../support/play-server.js";
import { assertSame } from "../support/same-xml.js";
import {
  arrivals,
  configuresRoom,
  entersRoom,
  garden,
  makesRoom,
  roomInfo,
  submission,
  unloading,
  unloadsRoom,
} from "../support/rooms.js";

const HATS = "urn:xmpp:hats:0";
const COMMANDS = "http://jabber.org/protocol/commands";
const host = "http://verona.example/hats#host";
const guest = "http://verona.example/hats#guest";

interface Play {
  readonly persistent?: boolean;
  readonly config?: string;
}

/** Capulet owns the room and is in it, and so is Romeo. */
async function party(
  t: Parameters<typeof playServer>[0],
  { persistent = false, config = "" }: Play = {},
): Promise<{ readonly stage: Stage; readonly capulet: Client; readonly romeo: Client }> {
  const stage = await playServer(t, { config: unloading + config });
  const capulet = await stage.login("capulet", "hall");
  await makesRoom(stage, capulet, "Capulet", { "muc#roomconfig_persistentroom": persistent ? "1" : "0" });
  const romeo = await stage.login("romeo");
  await entersRoom(stage, romeo, "Romeo");
  await arrivals(stage, capulet);
  return { stage, capulet, romeo };
}

function command(name: string, fields?: Readonly<Record<string, string>>, attributes = {}): Element {
  const node = `urn:xmpp:hats:commands:${name}`;
  const form = fields === undefined ? [] : [submission("urn:xmpp:hats:commands", fields)];
  return xml("command", { xmlns: COMMANDS, node, ...attributes }, form);
}

/** Gives the command, and must be told that it is done; returns the <command/> of the answer. */
async function does(client: Client, name: string, fields?: Readonly<Record<string, string>>): Promise<Element> {
  const answer = await client.asks("set", command(name, fields), garden);
  const result = answer.getChild("command", COMMANDS) ?? assert.fail(answer.toString());
  assert.equal(result.attrs["status"], "completed");
  return result;
}

function creates(client: Client, uri: string, title: string, hue = ""): Promise<Element> {
  return does(client, "create", { "hats#title": title, "hats#uri": uri, "hats#hue": hue });
}

function assigns(client: Client, uri: string, jid = "romeo@verona.example"): Promise<Element> {
  return does(client, "assign", { "hats#jid": jid, "hats#uri": uri });
}

/** The titles of the hats in the last presence of this nickname; undefined when there is no presence of theirs. */
function hatsOf(stanzas: readonly Element[], nick: string): readonly string[] | undefined {
  const presence = stanzas.findLast((each) => each.is("presence") && each.attrs["from"] === `${garden}/${nick}`);
  const all = presence?.getChildren("hats", HATS).flatMap((each) => each.getChildren("hat"));
  return all?.map(({ attrs }) => String(attrs["title"]));
}

const hasStatus104 = (stanzas: readonly Element[]): boolean =>
  stanzas.some((each) => each.is("message") && each.toString().includes('<status code="104"/>'));

/** The rows of a table, each as its cells' values by name. */
function rowsOf(result: Element): readonly Readonly<Record<string, string>>[] {
  const items = result.getChild("x", "jabber:x:data")?.getChildren("item") ?? assert.fail(result.toString());
  return items.map((item) =>
    Object.fromEntries(
      item.getChildren("field").map((field) => [field.attrs["var"] as string, field.getChildText("value") ?? ""]),
    ),
  );
}

test("a room says that it knows hats, and what its list of them is by a hash (§2)", async (t) => {
  const { capulet } = await party(t);
  const before = await roomInfo(capulet);
  assert.ok(before.features.includes(HATS) && before.features.includes(COMMANDS));
  assert.ok(!before.fields.has("hats#hash"), "no hash of no list");
  await creates(capulet, host, "Host");
  const hash = (await roomInfo(capulet)).fields.get("hats#hash");
  assert.ok(hash !== undefined && hash !== "");
  await assigns(capulet, host);
  assert.equal((await roomInfo(capulet)).fields.get("hats#hash"), hash);
  await creates(capulet, guest, "Guest");
  assert.notEqual((await roomInfo(capulet)).fields.get("hats#hash"), hash);
});

test("an owner is shown the form, fills it in, and everybody is told that there is another hat (§3.2)", async (t) => {
  const { stage, capulet, romeo } = await party(t);
  const shown = (await capulet.asks("set", command("create"), garden)).getChild("command") ?? assert.fail();
  assertSame(
    shown,
    `<command xmlns='${COMMANDS}' node='urn:xmpp:hats:commands:create' sessionid='{any}' status='executing'>
      <actions execute='complete'><complete/></actions>
      <x xmlns='jabber:x:data' type='form'>
        <title>Creating a Hat</title><instructions>{any}</instructions>
        <field var='FORM_TYPE' type='hidden'><value>urn:xmpp:hats:commands</value></field>
        <field var='hats#title' type='text-single' label='{any}'><required/></field>
        <field var='hats#uri' type='text-single' label='{any}'><required/></field>
        <field var='hats#hue' type='text-single' label='{any}'><desc>{any}</desc></field>
      </x></command>`,
  );
  const sessionid = shown.attrs["sessionid"] as string;
  const fields = { "hats#title": "Host", "hats#uri": host, "hats#hue": "327.255249" };
  const done = (await capulet.asks("set", command("create", fields, { sessionid }), garden)).getChild("command");
  assertSame(
    done ?? assert.fail(),
    `<command xmlns='${COMMANDS}' node='urn:xmpp:hats:commands:create' sessionid='${sessionid}' status='completed'/>`,
  );
  for (const client of [capulet, romeo]) assert.ok(hasStatus104(await arrivals(stage, client)), client.jid);
  await creates(capulet, host, "Host", "327.255249");
  await stage.receiveNothing(romeo); // nothing has changed
});

test("whoever is given a hat is seen with it, by those who come later, too, until it is taken away (§3.1, §3.5, §3.6)", async (t) => {
  const { stage, capulet, romeo } = await party(t);
  await creates(capulet, host, "Host", "120");
  await creates(capulet, guest, "Guest");
  await arrivals(stage, romeo);
  await arrivals(stage, capulet);
  await assigns(capulet, guest, "romeo@verona.example/somewhere");
  const [presence = assert.fail()] = await arrivals(stage, romeo);
  assertSame(
    presence.getChild("hats", HATS) ?? assert.fail(presence.toString()),
    `<hats xmlns='${HATS}'><hat uri='${guest}' title='Guest'/></hats>`,
  );
  assert.deepEqual(hatsOf(await arrivals(stage, capulet), "Romeo"), ["Guest"]);
  await assigns(capulet, host);
  assertSame(
    (await arrivals(stage, romeo))[0]?.getChild("hats", HATS) ?? assert.fail(),
    `<hats xmlns='${HATS}'><hat uri='${guest}' title='Guest'/><hat uri='${host}' title='Host' hue='120'/></hats>`,
  );
  const juliet = await stage.login("juliet", "balcony");
  assert.deepEqual(hatsOf(await entersRoom(stage, juliet, "Juliet"), "Romeo"), ["Guest", "Host"]);
  await does(capulet, "unassign", { "hats#jid": "romeo@verona.example", "hats#uri": guest });
  assert.deepEqual(hatsOf(await arrivals(stage, juliet), "Romeo"), ["Host"]);
  await does(capulet, "unassign", { "hats#jid": "romeo@verona.example", "hats#uri": host });
  assert.deepEqual(hatsOf(await arrivals(stage, juliet), "Romeo"), []);
});

test("a hat that is changed or destroyed is changed or gone on every head (§3.2, §3.3)", async (t) => {
  const { stage, capulet, romeo } = await party(t);
  await creates(capulet, host, "Host");
  await assigns(capulet, host);
  await assigns(capulet, host, "capulet@verona.example");
  await assigns(capulet, host, "tybalt@verona.example");
  await arrivals(stage, romeo);
  await creates(capulet, host, "Lord");
  let seen = await arrivals(stage, romeo);
  assert.ok(hasStatus104(seen));
  assert.deepEqual([hatsOf(seen, "Romeo"), hatsOf(seen, "Capulet")], [["Lord"], ["Lord"]]);
  const form = (await capulet.asks("set", command("destroy"), garden)).getChild("command")?.getChild("x");
  assert.match(form?.toString() ?? "", /<option label="Lord"><value>http:\/\/verona.example\/hats#host<\/value>/);
  await does(capulet, "destroy", { "hats#uri": host });
  seen = await arrivals(stage, romeo);
  assert.ok(hasStatus104(seen));
  assert.deepEqual([hatsOf(seen, "Romeo"), hatsOf(seen, "Capulet")], [[], []]);
  await creates(capulet, host, "Host");
  assert.deepEqual(rowsOf(await does(capulet, "list-assigned")), [], "who wore the old one does not wear the new one");
});

test("those who are in the room may list the hats, admins may also list who wears them (§3.4, §3.7)", async (t) => {
  const { stage, capulet, romeo } = await party(t);
  await creates(capulet, host, "Host", "120");
  await assigns(capulet, host);
  await arrivals(stage, romeo);
  const hat = { "hats#title": "Host", "hats#uri": host, "hats#hue": "120" };
  assert.deepEqual(rowsOf(await does(romeo, "list")), [hat]);
  assert.deepEqual(rowsOf(await does(capulet, "list-assigned")), [{ "hats#jid": "romeo@verona.example", ...hat }]);
  await romeo.isRefused("forbidden", "set", command("list-assigned"), garden);
  const tybalt = await stage.login("tybalt");
  await tybalt.isRefused("forbidden", "set", command("list"), garden);
});

test("only admins and owners manage hats", async (t) => {
  const { stage, capulet, romeo } = await party(t);
  await creates(capulet, host, "Host");
  await arrivals(stage, romeo);
  const hat = { "hats#title": "Mine", "hats#uri": host };
  const worn = { "hats#jid": "romeo@verona.example", "hats#uri": host };
  const fields = { create: hat, destroy: hat, assign: worn, unassign: worn };
  for (const [name, values] of Object.entries(fields)) {
    await romeo.isRefused("forbidden", "set", command(name), garden);
    await romeo.isRefused("forbidden", "set", command(name, values), garden);
  }
  await stage.receiveNothing(romeo);
  assert.deepEqual(rowsOf(await does(capulet, "list")), [{ "hats#title": "Host", "hats#uri": host, "hats#hue": "" }]);
});

test("a hat that somebody puts on by themselves is taken off (§3.1: the room signals hats)", async (t) => {
  const { stage, capulet, romeo } = await party(t);
  const forged = `<hats xmlns='${HATS}'><hat uri='${host}' title='Host'/></hats>`;
  romeo.send(`<presence to='${garden}/Romeo'><show>chat</show>${forged}</presence>`);
  romeo.send(`<message to='${garden}' type='groupchat' id='m'><body>Obey!</body>${forged}</message>`);
  const seen = await arrivals(stage, capulet);
  assert.equal(seen.length, 2);
  for (const each of seen) assert.equal(each.getChild("hats", HATS), undefined, each.toString());
});

test("to each the commands that they may use are listed, and described (XEP-0050 §2.2)", async (t) => {
  const { stage, capulet, romeo } = await party(t);
  const items = `<query xmlns='http://jabber.org/protocol/disco#items' node='${COMMANDS}'/>`;
  const listed = async (client: Client): Promise<readonly string[]> => {
    const query = (await client.asks("get", items, garden)).getChild("query");
    return (query?.getChildren("item") ?? []).map(({ attrs }) => String(attrs["node"]).replace(/.*:/, ""));
  };
  const all = ["create", "destroy", "list", "assign", "unassign", "list-assigned"];
  assert.deepEqual(await listed(capulet), all);
  assert.deepEqual(await listed(romeo), ["list"]);
  assert.deepEqual(await listed(await stage.login("tybalt")), []);
  const info = (node: string): string => `<query xmlns='http://jabber.org/protocol/disco#info' node='${node}'/>`;
  const list = "urn:xmpp:hats:commands:list";
  await romeo.gets(
    "get",
    info(list),
    garden,
    `<query xmlns='http://jabber.org/protocol/disco#info' node='${list}'>
      <identity category='automation' type='command-node' name='List hats'/>
      <feature var='${COMMANDS}'/><feature var='jabber:x:data'/></query>`,
  );
  await romeo.isRefused("forbidden", "get", info("urn:xmpp:hats:commands:create"), garden);
  await romeo.isRefused("item-not-found", "get", info("urn:xmpp:hats:commands:juggle"), garden);
  const unknown = "<query xmlns='http://jabber.org/protocol/disco#items' node='cellar'/>";
  await romeo.isRefused("item-not-found", "get", unknown, garden);
});

test("commands can be cancelled, and what is no command of theirs is refused (XEP-0050 §2.4, §4.4)", async (t) => {
  const { capulet } = await party(t);
  const cancelled = await capulet.asks("set", command("create", undefined, { action: "cancel" }), garden);
  assert.equal(cancelled.getChild("command")?.attrs["status"], "canceled");
  const problemOf = async (request: Element): Promise<string | undefined> => {
    const answer = await capulet.asks("set", request, garden);
    assert.equal(conditionOf(answer), "bad-request", answer.toString());
    const all = answer.getChild("error")?.getChildElements() ?? [];
    return all.find((each) => each.getNS() === COMMANDS)?.getName();
  };
  assert.equal(await problemOf(command("create", undefined, { action: "sing" })), "malformed-action");
  assert.equal(await problemOf(command("create", undefined, { action: "prev" })), "bad-action");
  assert.equal(await problemOf(command("create", undefined, { sessionid: "s" })), "bad-payload");
  assert.equal(await problemOf(command("create", undefined, { sessionid: "s".repeat(201) })), "bad-sessionid");
  assert.equal(await problemOf(xml("command", { xmlns: COMMANDS })), undefined);
  const another = xml("command", { xmlns: COMMANDS, node: "urn:xmpp:hats:commands:create" });
  another.append(submission("urn:example:masks", { "hats#title": "Host", "hats#uri": host }));
  assert.equal(await problemOf(another), "bad-payload");
  await capulet.isRefused("item-not-found", "set", command("juggle"), garden);
});

test("bad input is refused, and changes nothing", async (t) => {
  const { stage, capulet, romeo } = await party(t);
  await creates(capulet, host, "Host");
  await arrivals(stage, romeo);
  const good = { "hats#title": "Guest", "hats#uri": guest, "hats#hue": "12" };
  for (const bad of [
    { "hats#title": " " },
    { "hats#title": "G".repeat(101) },
    { "hats#uri": "" },
    { "hats#uri": "guest" },
    { "hats#uri": "urn:my guest" },
    { "hats#uri": `urn:${"g".repeat(500)}` },
    { "hats#hue": "blue" },
    { "hats#hue": "361" },
    { "hats#hue": "-1" },
  ]) {
    await capulet.isRefused("bad-request", "set", command("create", { ...good, ...bad }), garden);
  }
  const worn = { "hats#jid": "romeo@verona.example", "hats#uri": host };
  await capulet.isRefused("bad-request", "set", command("assign", { "hats#uri": host }), garden);
  await capulet.isRefused("jid-malformed", "set", command("assign", { ...worn, "hats#jid": "@" }), garden);
  await capulet.isRefused("jid-malformed", "set", command("assign", { ...worn, "hats#jid": "verona.example" }), garden);
  await capulet.isRefused("item-not-found", "set", command("assign", { ...worn, "hats#uri": guest }), garden);
  await capulet.isRefused("item-not-found", "set", command("unassign", worn), garden);
  await capulet.isRefused("item-not-found", "set", command("destroy", { "hats#uri": guest }), garden);
  await stage.receiveNothing(romeo);
});

test("there is a limit to hats, to wearers, and to what one person wears", async (t) => {
  const { stage, capulet } = await party(t, { config: "[extensions.hats]\nhats = 11\nwearers = 1" });
  for (let number = 1; number <= 11; number += 1) await creates(capulet, `urn:hat:${number}`, String(number));
  const another = { "hats#title": "12", "hats#uri": "urn:hat:12" };
  await capulet.isRefused("resource-constraint", "set", command("create", another), garden);
  await creates(capulet, "urn:hat:1", "One"); // it was there
  for (let number = 1; number <= 10; number += 1) await assigns(capulet, `urn:hat:${number}`);
  const eleventh = { "hats#jid": "romeo@verona.example", "hats#uri": "urn:hat:11" };
  await capulet.isRefused("resource-constraint", "set", command("assign", eleventh), garden);
  const tybalts = { "hats#jid": "tybalt@verona.example", "hats#uri": "urn:hat:1" };
  await capulet.isRefused("resource-constraint", "set", command("assign", tybalts), garden);
  await arrivals(stage, capulet);
});

test("the hats of a persistent room are there again when it is read from storage", async (t) => {
  const { stage, capulet, romeo } = await party(t, { persistent: true });
  await creates(capulet, host, "Host", "120");
  await creates(capulet, guest, "Guest");
  await assigns(capulet, host);
  await assigns(capulet, guest, "juliet@verona.example");
  await does(capulet, "unassign", { "hats#jid": "juliet@verona.example", "hats#uri": guest });
  const { fields } = await roomInfo(capulet);
  await unloadsRoom(stage, { Capulet: capulet, Romeo: romeo });
  assert.deepEqual(hatsOf(await entersRoom(stage, romeo, "Romeo"), "Romeo"), ["Host"]);
  assert.equal((await roomInfo(romeo)).fields.get("hats#hash"), fields.get("hats#hash"));
  assert.equal(rowsOf(await does(capulet, "list-assigned")).length, 1);
});

test("the hats of a temporary room are kept once the room is", async (t) => {
  const { stage, capulet, romeo } = await party(t);
  await creates(capulet, host, "Host");
  await assigns(capulet, host);
  await configuresRoom(capulet, { "muc#roomconfig_persistentroom": "1" });
  await unloadsRoom(stage, { Capulet: capulet, Romeo: romeo });
  assert.deepEqual(hatsOf(await entersRoom(stage, romeo, "Romeo"), "Romeo"), ["Host"]);
});

test("a room that takes the name of one that was destroyed has none of its hats", async (t) => {
  const { stage, capulet, romeo } = await party(t, { persistent: true });
  await creates(capulet, host, "Host");
  await assigns(capulet, host);
  const destroy = "<query xmlns='http://jabber.org/protocol/muc#owner'><destroy/></query>";
  await capulet.gets("set", destroy, garden);
  await arrivals(stage, romeo);
  await makesRoom(stage, romeo, "Romeo", { "muc#roomconfig_persistentroom": "1" });
  await unloadsRoom(stage, { Romeo: romeo });
  assert.deepEqual(hatsOf(await entersRoom(stage, romeo, "Romeo"), "Romeo"), []);
  assert.deepEqual(rowsOf(await does(romeo, "list")), []);
  assert.deepEqual(rowsOf(await does(romeo, "list-assigned")), []);
});
