// Changes of role: kicks, voice, moderators (XEP-0045 §8.2 to §8.5, §9.6 to §9.8).
import type { Actor, Afterwards } from "./actor.js";
import { putOut, showChanged } from "./leave.js";
import type { Occupant } from "./occupant.js";
import { isBroadcast } from "./presence.js";
import { defaultRole } from "./privileges.js";
import type { Room } from "./room.js";
import type { Role } from "./standing.js";

export interface RoleChange {
  readonly occupant: Occupant;
  readonly to: Role;
  readonly reason?: string | undefined;
}

/** Does it; whether the actor may has been checked. The promise, if any, settles when what outlasts the visit is on disk. */
export function changeRole(
  room: Room,
  { occupant, to, reason }: RoleChange,
  actor: Actor | undefined,
  afterwards: Afterwards,
): Promise<void> | undefined {
  const from = occupant.role;
  const remarks = { item: { actorNick: actor?.nick, reason } };
  const { log } = room.surroundings;
  log.info("room-role-changed", { room: room.jid, of: occupant.bare, from, to, by: actor?.jid.bare });
  if (to === "none") {
    putOut(room, occupant, { ...remarks, statuses: [307] }, afterwards);
    return undefined;
  }
  const wasShown = isBroadcast(room, occupant);
  occupant.role = to;
  afterwards(() => room.has(occupant) && showChanged(room, occupant, wasShown, remarks));
  return rememberVoice(room, occupant);
}

/** §5.1: in a moderated room, voice that was given or taken is remembered. */
function rememberVoice(room: Room, { bare, role, affiliation }: Occupant): Promise<void> | undefined {
  if (!room.configuration.isModerated || affiliation !== "none") return undefined;
  const isUsual = role === defaultRole(affiliation, room.configuration);
  const isKnown = room.standingOf(bare) !== undefined;
  if (isUsual) return isKnown ? room.remember(bare, undefined) : undefined;
  if (role !== "participant") return undefined;
  if (!isKnown && room.standings.size >= room.surroundings.options.standings) return undefined;
  return room.remember(bare, { affiliation: "none", role });
}
