// Changes of affiliation: which are possible, and what the room remembers of them (XEP-0045 §9, §10.3 to §10.8).
import { type Jid, StanzaError } from "../../src/extension/index.js";
import type { Actor, Afterwards } from "./actor.js";
import { applyToOccupants, isSeen, tellOfAbsent } from "./affiliation-effects.js";
import { inviteNewMember } from "./invitations.js";
import { requireOwnerRemains } from "./privileges.js";
import type { StandingRecord } from "./records.js";
import type { Room } from "./room.js";
import type { Affiliation } from "./standing.js";

export interface AffiliationChange {
  /** Of whom; a domain for all of it. */
  readonly jid: Jid;
  readonly to: Affiliation;
  /** A nickname to reserve; "" for none from now on; undefined leaves it as it is. */
  readonly nick?: string | undefined;
  readonly reason?: string | undefined;
  /** What they have chosen as they registered; undefined leaves it as it is. */
  readonly extra?: StandingRecord["extra"] | undefined;
  /** They are invited anyway. */
  readonly isInvited?: boolean;
}

/** Does them all; the promise settles when they are on disk. Whether the actor may has been checked before. */
export async function changeAffiliations(
  room: Room,
  changes: readonly AffiliationChange[],
  actor: Actor | undefined,
  afterwards: Afterwards,
): Promise<void> {
  requirePossible(room, changes);
  await Promise.all(changes.map((change) => changeAffiliation(room, change, actor, afterwards)));
}

/** Throws when the room would be left without an owner, or with too many people to remember. */
export function requirePossible(room: Room, changes: readonly AffiliationChange[]): void {
  requireOwner(room, changes);
  requireSpace(room, changes);
}

async function changeAffiliation(
  room: Room,
  change: AffiliationChange,
  actor: Actor | undefined,
  afterwards: Afterwards,
): Promise<void> {
  const jid = change.jid.bare;
  const before = room.affiliationOf(jid);
  const stored = room.remember(jid, standingAfter(room, jid, change));
  const after = room.affiliationOf(jid);
  const { hooks, log } = room.surroundings;
  const told =
    before === after ? [] : hooks.standingChanged.flatMap((hook) => hook(room, { jid, before, after }) ?? []);
  const more = told.map(({ element }) => element);
  const remarks = { item: { actorNick: actor?.nick, reason: change.reason }, more };
  const wasSeen = isSeen(room, jid); // whoever is put out is shown leaving, and why
  applyToOccupants(room, jid, remarks, afterwards);
  if (before !== after && !wasSeen && !isSeen(room, jid)) afterwards(() => tellOfAbsent(room, jid, after, remarks));
  const isToBeInvited = after === "member" && before === "none" && change.isInvited !== true;
  if (isToBeInvited && room.configuration.isMembersOnly) inviteNewMember(room, jid, actor?.jid);
  const entry = { room: room.jid, of: jid, from: before, to: after, by: actor?.jid.bare };
  if (before !== after) log.info("room-affiliation-changed", entry);
  await Promise.all([stored, ...told.map((each) => each.stored)]);
}

/** §9.1: an outcast has no nickname of their own; who is nothing to the room any more, neither. */
function standingAfter(room: Room, jid: Jid, change: AffiliationChange): StandingRecord | undefined {
  const { to, reason } = change;
  if (to === "none") return undefined;
  const before = room.standingOf(jid);
  const nick = change.nick ?? before?.nick ?? "";
  const extra = change.extra ?? before?.extra ?? {};
  return {
    affiliation: to,
    ...(to === "outcast" || nick === "" ? {} : { nick }),
    ...(reason === undefined ? {} : { reason }),
    ...(to === "outcast" || Object.keys(extra).length === 0 ? {} : { extra }),
  };
}

/** §10.2: there is always an owner. Throws when none would be left. */
export function requireOwner(room: Room, changes: readonly AffiliationChange[]): void {
  const owners = new Set<string>();
  for (const [jid, { affiliation }] of room.standings) if (affiliation === "owner") owners.add(jid);
  if (owners.size === 0) return; // an admin of the host may find a room so: then it can't get worse
  for (const { jid, to } of changes) {
    if (to === "owner") owners.add(jid.bare.toString());
    else owners.delete(jid.bare.toString());
  }
  requireOwnerRemains(owners.size);
}

function requireSpace({ standings, surroundings }: Room, changes: readonly AffiliationChange[]): void {
  const added = changes.filter(({ jid, to }) => to !== "none" && !standings.has(jid.bare.toString())).length;
  if (added === 0 || standings.size + added <= surroundings.options.standings) return;
  throw new StanzaError("resource-constraint", { text: "The room has too many members, admins and outcasts already." });
}
