// Rooms in plays: making and entering them, and what has come from there since one last looked.
import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { type Element, xml } from "../../src/xml/element.js";
import { type Client, conditionOf } from "./client.js";
import { type Play, playServer, type Stage } from "./play-server.js";

export const garden = "garden@rooms.verona.example";

const MUC = "http://jabber.org/protocol/muc";

/** Fields of a room that stays when everybody has left. */
export const persistent = { "muc#roomconfig_persistentroom": "1" };

/** Configuration with which `unloadsRoom` works; more of [extensions.rooms] may follow. */
export const unloading = "[extensions.rooms]\nunload_after = '1s'\n";

/** What makes of presence a request to enter. */
export const muc = `<x xmlns='${MUC}'/>`;

export function enters(nick: string, room = garden, more = ""): string {
  return `<presence to='${room}/${nick}'>${muc}${more}</presence>`;
}

/** A request to see or change what people are to a room. */
export function adminQuery(items: string): string {
  return `<query xmlns='${MUC}#admin'>${items}</query>`;
}

/** Enters as the first, and configures the room; all that comes of it is taken in. */
export async function makesRoom(
  stage: Stage,
  owner: Client,
  nick: string,
  fields: Readonly<Record<string, string>> = {},
  room = garden,
): Promise<void> {
  await entersRoom(stage, owner, nick, room);
  await configuresRoom(owner, fields, room);
  await arrivals(stage, owner);
}

/** Enters; returns all that comes of it. */
export async function entersRoom(stage: Stage, client: Client, nick: string, room = garden): Promise<Element[]> {
  client.send(enters(nick, room));
  const all = await arrivals(stage, client);
  assert.ok(
    all.some((each) => each.getChild("subject") !== undefined),
    `${client.jid} is not let in: ${all.join("\n")}`,
  );
  return all;
}

export async function leavesRoom(stage: Stage, client: Client, nick: string, room = garden): Promise<void> {
  client.send(`<presence type='unavailable' to='${room}/${nick}'/>`);
  const isFarewell = ({ attrs }: Element): boolean =>
    attrs["from"] === `${room}/${nick}` && attrs["type"] === "unavailable";
  assert.ok((await arrivals(stage, client)).some(isFarewell), `${client.jid} has not left.`);
}

/** All leave, by their nicknames, and the room goes out of memory: the configuration must be `unloading`. */
export async function unloadsRoom(
  stage: Stage,
  present: Readonly<Record<string, Client>>,
  room = garden,
): Promise<void> {
  for (const [nick, client] of Object.entries(present)) await leavesRoom(stage, client, nick, room);
  for (const client of Object.values(present)) await arrivals(stage, client);
  // A periodic job runs but once for each time that the clock is turned.
  for (let round = 0; round < 4; round += 1) {
    stage.clock.advance(1000);
    await stage.settle();
  }
}

export async function configuresRoom(
  owner: Client,
  fields: Readonly<Record<string, string>>,
  room = garden,
): Promise<void> {
  const form = submission(`${MUC}#roomconfig`, fields);
  await owner.gets("set", xml("query", { xmlns: `${MUC}#owner` }, form), room);
}

/** A form that has been filled in. */
export function submission(formType: string, fields: Readonly<Record<string, string>>): Element {
  const all = Object.entries({ FORM_TYPE: formType, ...fields });
  const elements = all.map(([name, value]) => xml("field", { var: name }, xml("value", {}, value)));
  return xml("x", { xmlns: "jabber:x:data", type: "submit" }, elements);
}

/** What has come to the client and was not looked at so far. */
export async function arrivals(stage: Stage, client: Client): Promise<Element[]> {
  await stage.settle();
  const all: Element[] = [];
  while (client.unexpected.length > 0) all.push(await client.next());
  return all;
}

/** The features that a room announces, and its extended information by the fields' names. */
export async function roomInfo(
  client: Client,
  room = garden,
): Promise<{ readonly features: readonly string[]; readonly fields: ReadonlyMap<string, string> }> {
  const answer = await client.asks("get", "<query xmlns='http://jabber.org/protocol/disco#info'/>", room);
  const query = answer.getChild("query") ?? assert.fail(answer.toString());
  const fields = query.getChild("x", "jabber:x:data")?.getChildren("field") ?? [];
  return {
    features: query.getChildren("feature").map(({ attrs }) => String(attrs["var"])),
    fields: new Map(fields.map((field) => [String(field.attrs["var"]), field.getChildText("value") ?? ""])),
  };
}

/** Stage of a play in a room: Capulet owns it; Romeo and Juliet are in it, too. All that has come is taken in. */
export interface Party {
  readonly stage: Stage;
  readonly capulet: Client;
  readonly romeo: Client;
  readonly juliet: Client;
  readonly everybody: readonly Client[];
}

export async function party(
  t: TestContext,
  { fields = {}, ...play }: Play & { readonly fields?: Readonly<Record<string, string>> } = {},
): Promise<Party> {
  const stage = await playServer(t, play);
  const capulet = await stage.login("capulet", "hall");
  await makesRoom(stage, capulet, "Capulet", fields);
  const romeo = await stage.login("romeo");
  const juliet = await stage.login("juliet", "balcony");
  await entersRoom(stage, romeo, "Romeo");
  await entersRoom(stage, juliet, "Juliet");
  const everybody = [capulet, romeo, juliet];
  for (const client of everybody) await arrivals(stage, client);
  return { stage, capulet, romeo, juliet, everybody };
}

export function says(client: Client, text: string, more = "", room = garden): void {
  client.send(`<message type='groupchat' id='said' to='${room}'><body>${text}</body>${more}</message>`);
}

/** Romeo says it and all hear it; resolves with the room's id for it (XEP-0359). */
export async function said({ stage, romeo, everybody }: Party, text: string): Promise<string> {
  says(romeo, text);
  const [message] = await arrivals(stage, romeo);
  for (const client of everybody) await arrivals(stage, client);
  return String(message?.getChild("stanza-id")?.attrs["id"]);
}

/** The bodies of what was said to all, in order. */
export function spoken(stanzas: readonly Element[]): readonly string[] {
  return stanzas.flatMap((each) => (each.attrs["type"] === "groupchat" ? (each.getChildText("body") ?? []) : []));
}

/** Sends something, and resolves with the error that comes of it; undefined when none does. */
export async function errorOf(stage: Stage, client: Client, stanza: string): Promise<Element | undefined> {
  client.send(stanza);
  return (await arrivals(stage, client)).find(({ attrs }) => attrs["type"] === "error");
}

/** "condition type" of the error that comes of a stanza; "" for none. */
export async function refusal(stage: Stage, client: Client, stanza: string): Promise<string> {
  const error = await errorOf(stage, client, stanza);
  return error === undefined ? "" : `${conditionOf(error) ?? ""} ${String(error.getChild("error")?.attrs["type"])}`;
}

/** The room goes on: what one says reaches everybody, once. */
export async function roomGoesOn(
  stage: Stage,
  speaker: Client,
  everybody: readonly Client[],
  room = garden,
): Promise<void> {
  for (const client of everybody) await arrivals(stage, client);
  says(speaker, "The room goes on.", "", room);
  for (const client of everybody) {
    assert.deepEqual(spoken(await arrivals(stage, client)), ["The room goes on."], `heard by ${client.jid}`);
  }
}
