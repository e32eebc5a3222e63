// Finds out what a server's rooms can do, by making one (XEP-0045).
import type { Connection } from "../client/connection.js";
import { childOf, elementsIn, NS, type XmlElement } from "../xml/element.js";
import { askFeatures } from "./disco.js";

/**
 * `rooms` when the domain is a service for rooms, `rooms FEATURE` for what that advertises, `room FEATURE` for what an
 * instant room does, `room setting NAME` for what its owner can configure. The room is gone when it returns.
 */
export async function findRoomCapabilities(connection: Connection, service: string): Promise<string[]> {
  const ofService = await askFeatures(connection, service);
  if (!ofService.includes(NS.muc)) return [];
  const room = `prompter-${Date.now().toString(36)}@${service}`;
  const known = ["rooms", ...ofService.map((feature) => `rooms ${feature}`)];
  if (!(await makeRoom(connection, room))) return known;
  const ofRoom = [...(await askFeatures(connection, room)), ...(await askSettings(connection, room))];
  await leave(connection, `${room}/prompter`);
  return [...known, ...ofRoom.map((feature) => `room ${feature}`)];
}

/** False when it is refused. */
async function makeRoom(connection: Connection, room: string): Promise<boolean> {
  connection.send(`<presence to='${room}/prompter'><x xmlns='${NS.muc}'/></presence>`);
  return request(connection, room, "<x xmlns='jabber:x:data' type='submit'/>");
}

async function askSettings(connection: Connection, room: string): Promise<string[]> {
  connection.send(`<iq type='get' id='settings' to='${room}'><query xmlns='${NS.mucOwner}'/></iq>`);
  const answer = await skipUntil(connection, ({ attributes }) => attributes.get("id") === "settings");
  const query = childOf(answer, "query", NS.mucOwner);
  const form = query === undefined ? undefined : childOf(query, "x", "jabber:x:data");
  const names = form === undefined ? [] : elementsIn(form).flatMap(({ attributes }) => attributes.get("var") ?? []);
  return names.map((name) => `setting ${name.replace(/^muc#roomconfig_/, "")}`);
}

async function leave(connection: Connection, occupant: string): Promise<void> {
  connection.send(`<presence type='unavailable' to='${occupant}'/>`);
  await skipUntil(connection, (stanza) => childOf(stanza, "x", NS.mucUser) !== undefined && isUnavailable(stanza));
}

/** What owners ask for. False when it is refused. */
async function request(connection: Connection, room: string, what: string): Promise<boolean> {
  connection.send(`<iq type='set' id='room' to='${room}'><query xmlns='${NS.mucOwner}'>${what}</query></iq>`);
  for (;;) {
    const { attributes } = await connection.nextElement();
    if (attributes.get("id") === "room") return attributes.get("type") === "result";
  }
}
