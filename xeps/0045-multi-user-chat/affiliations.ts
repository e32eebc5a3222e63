// Changes of affiliation, and what they do to those who are in the room (XEP-0045 §9, §10.3 to §10.8).
import { buildStanza, type Element, type Jid, StanzaError } from "../../src/extension/index.js";
import { userElement } from "../payloads/0045-multi-user-chat.js";
import { inviteNewMember } from "./invitations.js";
import { putOut, showChanged } from "./leave.js";
import type { Occupant } from "./occupant.js";
import { isBroadcast, seesAddresses } from "./presence.js";
import { defaultRole, isAdministrator, requireOwnerRemains } from "./privileges.js";
import type { StandingRecord } from "./records.js";
import type { Room } from "./room.js";
import type { Affiliation, Role } from "./standing.js";

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

/** Who is behind a change, when it is somebody. */
export interface Actor {
  readonly jid: Jid;
  /** Their nickname, when they are in the room. */
  readonly nick?: string | undefined;
}

/** What is told once whoever asked for the change has been answered. */
export type Afterwards = (job: () => void) => void;

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
  for (const occupant of [...room.occupants.values()].filter((each) => isMeant(room, each, jid))) {
    applyToOccupant(room, occupant, remarks, afterwards);
  }
  if (!isHere(room, jid) && before !== after) afterwards(() => tellOfAbsent(room, jid, after, remarks));
  const isToBeInvited = after === "member" && before === "none" && change.isInvited !== true;
  if (isToBeInvited && room.configuration.isMembersOnly) inviteNewMember(room, jid, actor?.jid);
  log.info("room-affiliation-changed", { room: room.jid, of: jid, from: before, to: after, by: actor?.jid.bare });
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

interface ChangeRemarks {
  readonly item: { readonly actorNick: string | undefined; readonly reason: string | undefined };
  readonly more: readonly Element[];
}

function applyToOccupant(room: Room, occupant: Occupant, remarks: ChangeRemarks, afterwards: Afterwards): void {
  const before = occupant.affiliation;
  const after = (occupant.affiliation = room.affiliationOf(occupant.bare));
  if (after === "outcast") return putOut(room, occupant, { ...remarks, statuses: [301] }, afterwards);
  if (after === "none" && room.configuration.isMembersOnly) {
    return putOut(room, occupant, { ...remarks, statuses: [321] }, afterwards);
  }
  const wasShown = isBroadcast(room, occupant);
  occupant.role = roleAfter(room, occupant.role, before, after);
  afterwards(() => room.has(occupant) && showChanged(room, occupant, wasShown, remarks));
}

/** §5.1.3: what is gained with an affiliation is certain; what is lost with one is up to us. */
function roleAfter({ configuration }: Room, role: Role, before: Affiliation, after: Affiliation): Role {
  const usual = defaultRole(after, configuration);
  if (isAdministrator(after) || isAdministrator(before)) return usual;
  return role === "visitor" ? usual : role;
}

/** §10.3: those who may see addresses are told of somebody who is not in the room. */
function tellOfAbsent(room: Room, jid: Jid, affiliation: Affiliation, { item, more }: ChangeRemarks): void {
  const told = [...room.seated].filter(([, viewer]) => seesAddresses(room, viewer)).map(([address]) => address);
  const x = userElement([{ ...item, affiliation, jid }], [], ...more);
  room.surroundings.service.sendToAll(buildStanza("message", { from: room.jid, id: crypto.randomUUID() }, x), told);
}

/** Of a whole domain: those whom no affiliation of their own keeps as they are. */
function isMeant(room: Room, { bare, affiliation }: Occupant, jid: Jid): boolean {
  if (!jid.isDomain) return bare === jid;
  return bare.domain === jid.domain && affiliation !== room.affiliationOf(bare);
}

function isHere({ occupants }: Room, jid: Jid): boolean {
  for (const occupant of occupants.values()) if (occupant.bare === jid) return true;
  return false;
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
