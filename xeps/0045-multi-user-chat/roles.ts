// Changes of role: kicks, voice, moderators (XEP-0045 §8.2 to §8.5, §9.6 to §9.8).
import type { Actor, Afterwards } from "./actor.js";
import { putOut, showChanged } from "./leave.js";
import type { Occupant } from "./occupant.js";
import { isBroadcast, type Remarks, seesAddresses } from "./presence.js";
import { defaultRole } from "./privileges.js";
import type { Room } from "./room.js";
import { showAddresses } from "./show-others.js";
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
  becomes(room, occupant, to, remarks, afterwards);
  return rememberVoice(room, occupant);
}

/** The occupant has this role from now on, and is told what it brings. */
export function becomes(room: Room, occupant: Occupant, role: Role, remarks: Remarks, afterwards: Afterwards): void {
  const wasShown = isBroadcast(room, occupant);
  const saw = seesAddresses(room, occupant);
  occupant.role = role;
  afterwards(() => {
    if (!room.has(occupant)) return;
    showChanged(room, occupant, wasShown, remarks);
    showAddresses(room, occupant, saw);
  });
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
