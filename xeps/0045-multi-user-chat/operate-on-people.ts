// What an operator does to the people of a room: affiliations and kicks.
import {
  type AffiliationOutcome,
  Jid,
  JidMalformed,
  nearest,
  OperationRefused,
  type RoomAffiliation,
} from "../../src/extension/index.js";
import type { Afterwards } from "./actor.js";
import { changeAffiliations } from "./affiliations.js";
import { otherReserver, reservableKey } from "./nickname.js";
import { occupantNamed } from "./occupant-at.js";
import { changeRole } from "./roles.js";
import type { Room } from "./room.js";

export async function affiliate(
  room: Room,
  change: RoomAffiliation,
  afterwards: Afterwards,
): Promise<AffiliationOutcome> {
  const { affiliation: to, nick, reason } = change;
  const jid = addressOf(change.address);
  if (jid.isDomain && (to === "owner" || to === "admin")) {
    throw new OperationRefused(`A whole domain can't be ${to}; it can be member, none or outcast.`);
  }
  if (nick !== undefined && nick !== "") requireFree(room, jid, nick);
  const before = room.affiliationOf(jid);
  await changeAffiliations(room, [{ jid, to, nick, reason }], undefined, afterwards);
  return { before, after: room.affiliationOf(jid) };
}

export async function kick(
  room: Room,
  nick: string,
  reason: string | undefined,
  afterwards: Afterwards,
): Promise<readonly string[]> {
  const occupant = occupantNamed(room, nick);
  if (occupant === undefined) throw new OperationRefused(nobodyIs(room, nick));
  const addresses = Array.from(occupant.seats.keys(), String);
  await changeRole(room, { occupant, to: "none", reason }, undefined, afterwards);
  return addresses;
}

function addressOf(text: string): Jid {
  try {
    return Jid.parse(text).bare;
  } catch (error) {
    if (!(error instanceof JidMalformed)) throw error;
    throw new OperationRefused(`${text} is no address: ${error.message}`);
  }
}

function requireFree(room: Room, jid: Jid, nick: string): void {
  const reserver = otherReserver(room, jid, reservableKey(nick));
  if (reserver === undefined) return;
  throw new OperationRefused(`The nickname ${nick} is reserved for ${reserver}.`);
}

function nobodyIs({ jid, occupants }: Room, nick: string): string {
  const meant = nearest(
    nick,
    Array.from(occupants.values(), (each) => each.nick),
  );
  const advice =
    meant === undefined ? `Who is there: rookery room occupants ${jid.toString()}` : `Did you mean ${meant}?`;
  return `Nobody in ${jid.toString()} goes by the nickname ${nick}. ${advice}`;
}
