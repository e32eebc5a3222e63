// What a change of affiliation does to those who are in the room, and who else is told (XEP-0045 §9, §10.3 to §10.8).
import type { Element, Jid } from "../../src/extension/index.js";
import { userElement } from "../payloads/0045-multi-user-chat.js";
import type { Afterwards } from "./actor.js";
import { putOut } from "./leave.js";
import type { Occupant } from "./occupant.js";
import { isBroadcast, seesAddresses } from "./presence.js";
import { defaultRole, isAdministrator } from "./privileges.js";
import { becomes } from "./roles.js";
import type { Room } from "./room.js";
import type { Affiliation, Role } from "./standing.js";
import { tell } from "./tell.js";

export interface ChangeRemarks {
  readonly item: { readonly actorNick: string | undefined; readonly reason: string | undefined };
  readonly more: readonly Element[];
}

/** The room remembers the change already. `jid`: bare, or a domain. */
export function applyToOccupants(room: Room, jid: Jid, remarks: ChangeRemarks, afterwards: Afterwards): void {
  for (const occupant of [...room.occupants.values()].filter((each) => isMeant(room, each, jid))) {
    applyToOccupant(room, occupant, remarks, afterwards);
  }
}

/** Of a whole domain: those whom no affiliation of their own keeps as they are. */
function isMeant(room: Room, { bare, affiliation }: Occupant, jid: Jid): boolean {
  if (!jid.isDomain) return bare === jid;
  return bare.domain === jid.domain && affiliation !== room.affiliationOf(bare);
}

function applyToOccupant(room: Room, occupant: Occupant, remarks: ChangeRemarks, afterwards: Afterwards): void {
  const before = occupant.affiliation;
  const after = (occupant.affiliation = room.affiliationOf(occupant.bare));
  // Only what is remembered of them is new, such as their nickname: nobody sees it, and it gives nobody voice back.
  if (after === before) return;
  if (after === "outcast") return putOut(room, occupant, { ...remarks, statuses: [301] }, afterwards);
  if (after === "none" && room.configuration.isMembersOnly) {
    return putOut(room, occupant, { ...remarks, statuses: [321] }, afterwards);
  }
  becomes(room, occupant, roleAfter(room, occupant.role, before, after), remarks, afterwards);
}

/**
 * §5.1.3: what is gained with an affiliation is certain; what is lost with one is up to us. Whoever a moderator has taken
 * the voice from gets it back by no other change, such as one of their nickname or their resigning.
 */
function roleAfter({ configuration }: Room, role: Role, before: Affiliation, after: Affiliation): Role {
  const usual = defaultRole(after, configuration);
  if (isAdministrator(after) || isAdministrator(before)) return usual;
  return before === "none" && role === "visitor" ? usual : role;
}

/** §10.3: those who may see addresses are told of somebody who is not in the room, or whom nobody is shown. */
export function tellOfAbsent(room: Room, jid: Jid, affiliation: Affiliation, { item, more }: ChangeRemarks): void {
  const told = [...room.seated].filter(([, viewer]) => seesAddresses(room, viewer)).map(([address]) => address);
  tell(room, told, [userElement([{ ...item, affiliation, jid }], [], ...more)]);
}

/** Whether others are shown somebody of this bare JID: then they hear of a change with their presence. */
export function isSeen(room: Room, jid: Jid): boolean {
  for (const occupant of room.occupants.values()) if (occupant.bare === jid && isBroadcast(room, occupant)) return true;
  return false;
}
