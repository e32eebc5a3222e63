// A room's configuration changes (XEP-0045 §10.1, §10.2): what that does to those who are in it, and to what is stored.
import { buildStanza, Jid } from "../../src/extension/index.js";
import { userElement } from "../payloads/0045-multi-user-chat.js";
import type { Actor, Afterwards } from "./actor.js";
import { type RoomConfiguration, statusesOfChange } from "./configuration.js";
import { forgetIfEmpty, putOut, showChanged } from "./leave.js";
import { isBroadcast } from "./presence.js";
import { defaultRole } from "./privileges.js";
import type { Room } from "./room.js";

/** The first configuration: from now on others may enter. `by`: undefined for the operator. */
export async function unlock(room: Room, wanted: RoomConfiguration, by: Jid | undefined): Promise<void> {
  room.isLocked = false;
  room.configuration = wanted;
  if (room.isStored) await keep(room);
  room.surroundings.log.info("room-configured", { room: room.jid, by: by?.bare, persistent: wanted.isPersistent });
}

/** A later one. The promise settles when it is on disk. */
export async function configure(
  room: Room,
  wanted: RoomConfiguration,
  actor: Actor | undefined,
  afterwards: Afterwards,
): Promise<void> {
  const before = room.configuration;
  const wasStored = room.isStored;
  room.configuration = wanted;
  const stored = store(room, wasStored);
  adaptOccupants(room, before, afterwards);
  if (wanted.isMembersOnly && !before.isMembersOnly) putNonMembersOut(room, actor, afterwards);
  if (wanted.isNonAnonymous !== before.isNonAnonymous)
    for (const occupant of room.occupants.values()) occupant.refresh();
  afterwards(() => announce(room, statusesOfChange(before, wanted)));
  room.surroundings.log.info("room-configured", {
    room: room.jid,
    by: actor?.jid.bare,
    persistent: wanted.isPersistent,
  });
  await stored;
  forgetIfEmpty(room); // an operator, or an owner who is elsewhere, has made it temporary
}

/** §10.2.1: "only a <status/> element". */
export function announce(room: Room, statuses: readonly number[]): void {
  if (statuses.length === 0) return;
  const head = { from: room.jid, type: "groupchat", id: crypto.randomUUID() };
  room.broadcast(buildStanza("message", head, userElement([], statuses)));
}

function store(room: Room, wasStored: boolean): Promise<unknown> | undefined {
  if (room.isStored && !wasStored) return keep(room);
  if (!room.isStored && wasStored) return erase(room);
  return Promise.all([room.save(), room.saveListing()]);
}

/** Writes all there is of a room that was not stored until now. */
async function keep(room: Room): Promise<void> {
  const standings = [...room.standings].map(([jid, standing]) => room.remember(Jid.parse(jid), standing));
  const { kept } = room.surroundings.hooks;
  await Promise.all([
    room.save(),
    room.saveListing(),
    ...standings,
    room.history.storeAll(),
    ...kept.map((hook) => hook(room)),
  ]);
}

/** Removes all there is of it from storage; what is in memory stays there. */
export async function erase(room: Room): Promise<void> {
  const { stores, hooks } = room.surroundings;
  const owners = [...room.standings].flatMap(([jid, { affiliation }]) => (affiliation === "owner" ? [jid] : []));
  await Promise.all([
    stores.rooms.remove(room.name),
    stores.listed.remove(room.name),
    stores.standings.clear(room.name),
    stores.history.clear(room.name),
    ...owners.map((jid) => stores.owned.remove(jid, room.name)),
    ...hooks.destroyed.map((hook) => hook(room)),
  ]);
}

/** Who had no voice only because the room was moderated has one now; and other roles may be shown to all. */
function adaptOccupants(room: Room, before: RoomConfiguration, afterwards: Afterwards): void {
  const isOpened = before.isModerated && !room.configuration.isModerated;
  for (const occupant of room.occupants.values()) {
    const { role } = occupant;
    const wasShown = before.broadcastRoles.includes(role);
    if (isOpened && role === "visitor") occupant.role = defaultRole(occupant.affiliation, room.configuration);
    const isSame = occupant.role === role && isBroadcast(room, occupant) === wasShown;
    if (!isSame) afterwards(() => room.has(occupant) && showChanged(room, occupant, wasShown));
  }
}

/** §10.2: status 322 for them and for all others. */
function putNonMembersOut(room: Room, actor: Actor | undefined, afterwards: Afterwards): void {
  for (const occupant of [...room.occupants.values()].filter(({ affiliation }) => affiliation === "none")) {
    putOut(room, occupant, { statuses: [322], item: { actorNick: actor?.nick, reason: undefined } }, afterwards);
  }
}
