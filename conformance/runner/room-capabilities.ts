// Finds out what a server's rooms can do, by making one (XEP-0045).
import type { Connection } from "../client/connection.js";
import { NS } from "../xml/element.js";
import { askFeatures, askFields } from "./disco.js";

/**
 * `rooms` when the domain is a service for rooms, `rooms FEATURE` for what that advertises, `room FEATURE` for what an
 * instant room does, `room option FIELD` for what its owner can set, and `room field FIELD` for what a room that is public
 * and persistent tells of itself. The room is gone when it returns.
 */
export async function findRoomCapabilities(connection: Connection, service: string): Promise<string[]> {
  const ofService = await askFeatures(connection, service);
  if (!ofService.includes(NS.muc)) return [];
  const room = `prompter-${Date.now().toString(36)}@${service}`;
  const ofRoom = (await makeRoom(connection, room)) ? await askFeatures(connection, room) : [];
  const more = ofRoom.length > 0 ? await findFields(connection, room) : [];
  if (ofRoom.length > 0) await destroy(connection, room);
  const features = [...ofService.map((feature) => `rooms ${feature}`), ...ofRoom.map((feature) => `room ${feature}`)];
  return ["rooms", ...features, ...more];
}

async function findFields(connection: Connection, room: string): Promise<string[]> {
  const options = await askFields(connection, room, NS.mucOwner);
  const values = ["FORM_TYPE http://jabber.org/protocol/muc#roomconfig"];
  values.push("muc#roomconfig_persistentroom 1", "muc#roomconfig_publicroom 1");
  const fields = values.map((line) => `<field var='${line.replace(" ", "'><value>")}</value></field>`).join("");
  await request(connection, room, `<x xmlns='jabber:x:data' type='submit'>${fields}</x>`);
  const facts = await askFields(connection, room, NS.discoInfo);
  return [...options.map((name) => `room option ${name}`), ...facts.map((name) => `room field ${name}`)];
}

/** False when it is refused. */
async function makeRoom(connection: Connection, room: string): Promise<boolean> {
  connection.send(`<presence to='${room}/prompter'><x xmlns='${NS.muc}'/></presence>`);
  return request(connection, room, "<x xmlns='jabber:x:data' type='submit'/>");
}

async function destroy(connection: Connection, room: string): Promise<void> {
  await request(connection, room, "<destroy/>");
}

/** What owners ask for. False when it is refused. */
async function request(connection: Connection, room: string, what: string): Promise<boolean> {
  connection.send(`<iq type='set' id='room' to='${room}'><query xmlns='${NS.mucOwner}'>${what}</query></iq>`);
  for (;;) {
    const { attributes } = await connection.nextElement();
    if (attributes.get("id") === "room") return attributes.get("type") === "result";
  }
}
