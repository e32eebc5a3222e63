// Entering a room (XEP-0045 §7.2): the place that somebody gets, and what they are sent, in the order of §7.1.
import type { Jid, Stanza } from "../../src/extension/index.js";
import { MUC } from "../payloads/0045-multi-user-chat.js";
import { requireAdmission, requireRoom } from "./admission.js";
import { historyRequestOf } from "./history-request.js";
import { inTurns } from "./in-turns.js";
import { isOwnNickname, nicknameFor, type Nickname } from "./nickname.js";
import { noteSignOfLife, Occupant, type Seat } from "./occupant.js";
import { ownPresence } from "./own-words.js";
import { availablePresence, isBroadcast, type Remarks, showToItself, tellOthersInTurns } from "./presence.js";
import { defaultRole } from "./privileges.js";
import { remark } from "./remark.js";
import type { Room } from "./room.js";
import { showOthers } from "./show-others.js";
import type { Affiliation } from "./standing.js";
import { subjectFor } from "./subject.js";
import { rename } from "./update-presence.js";

/**
 * Lets the sender in, or throws what the clause says. `isNew`: they have just made the room. Where many are in, the promise
 * settles when all of them have been shown to the newcomer, and the newcomer to all of them.
 */
export function enter(room: Room, request: Stanza, isNew = false): void | Promise<void> {
  const from = request.from as Jid;
  const affiliation = room.affiliationOf(from);
  requireAdmission(room, request, affiliation, isNew); // first, for a conflict would tell strangers who is in
  const nickname = nicknameFor(room, from.bare, request.to as Jid);
  requireRoom(room, affiliation, room.occupants.has(nickname.key));
  const { occupant, own, isSecond } = seat(room, request, nickname, affiliation);
  const statuses = [...(isNew ? [201] : []), ...(nickname.isChanged ? [210] : [])];
  room.surroundings.log.debug("room-entered", { room: room.jid, occupant: from, nick: occupant.nick });
  return inTurns(introduce(room, request, { occupant, own }, statuses, isSecond));
}

/** §7.2.1: someone who is in enters again, having lost track: all is sent anew, by whatever nickname they want to be here. */
export function enterAgain(room: Room, request: Stanza, occupant: Occupant): void | Promise<void> {
  const { from, to } = request as { readonly from: Jid; readonly to: Jid };
  const own = occupant.seats.get(from);
  if (own === undefined) return undefined;
  const statuses = isOwnNickname(occupant, to) ? [] : rename(room, occupant, to);
  own.presence = ownPresence(room, request);
  noteSignOfLife(own, room.surroundings.clock.now());
  occupant.shown = own;
  return inTurns(introduce(room, request, { occupant, own }, statuses, occupant.seats.size > 1));
}

/**
 * §7.1: the others are shown to the newcomer, the newcomer to the others and last to itself; then come history and subject.
 * Yields between every few of them. `isSecond`: other sessions of the newcomer's are in.
 */
function* introduce(
  room: Room,
  request: Stanza,
  { occupant, own }: { readonly occupant: Occupant; readonly own: Seat },
  statuses: readonly number[],
  isSecond: boolean,
): Generator<void, void> {
  const { hooks } = room.surroundings;
  for (const hook of hooks.entering) hook(room, own, request);
  const remarks = remarksFor(room, occupant, request, statuses);
  for (const pause of showEachOther(room, occupant, own)) {
    yield pause;
    if (room.seated.get(own.jid) !== occupant) return; // the service has come to its end, and all were put out
  }
  if (isSecond) showToOtherSessions(room, occupant, own.jid);
  showToItself(room, occupant, own.jid, remarks);
  for (const hook of hooks.entered) hook(room, own);
  sendHistory(room, request);
}

/** Gives the session a place: behind a nickname of its user's that is here already, or behind a new one. */
function seat(
  room: Room,
  request: Stanza,
  { address, key }: Nickname,
  affiliation: Affiliation,
): { readonly occupant: Occupant; readonly own: Seat; readonly isSecond: boolean } {
  const from = request.from as Jid;
  const own = room.newSeat(from, ownPresence(room, request));
  const present = room.occupants.get(key);
  const occupant = present ?? new Occupant(address, key, own, { affiliation, role: roleFor(room, from, affiliation) });
  if (present === undefined) room.occupants.set(key, occupant);
  occupant.seats.set(from, own);
  occupant.shown = own;
  room.seat(from, occupant);
  if (present === undefined) remark(room, occupant);
  return { occupant, own, isSecond: present !== undefined };
}

/** §5.1.2, and §5.1: the voice that somebody was given in a moderated room outlasts their visit. */
function roleFor(room: Room, jid: Jid, affiliation: Affiliation): Occupant["role"] {
  const role = defaultRole(affiliation, room.configuration);
  return role === "visitor" ? (room.standingOf(jid)?.role ?? role) : role;
}

function* showEachOther(room: Room, occupant: Occupant, own: Seat): Generator<void, void> {
  yield* showOthers(room, occupant, [own.jid]);
  occupant.refresh();
  if (!isBroadcast(room, occupant)) return;
  yield* tellOthersInTurns(room, occupant, (isOpen) => availablePresence(occupant, isOpen, {}));
}

/** Another session of somebody who is here: the presence shown is this one's now. */
function showToOtherSessions(room: Room, occupant: Occupant, newcomer: Jid): void {
  for (const jid of occupant.seats.keys()) if (jid !== newcomer) showToItself(room, occupant, jid, {});
}

/** What the newcomer alone is told about the room (§7.2.2, §7.2.3). */
export function remarksFor(room: Room, occupant: Occupant, request: Stanza, statuses: readonly number[]): Remarks {
  const { hooks } = room.surroundings;
  const more = hooks.selfPresence.flatMap((hook) => hook(room, occupant, request) ?? []);
  const ownStatuses = [...(room.configuration.isNonAnonymous ? [100] : []), ...statuses];
  return { ownStatuses, ownMore: more, id: request.id };
}

/** §7.2.13 to §7.2.15. */
function sendHistory(room: Room, request: Stanza): void {
  const { options, clock } = room.surroundings;
  const to = request.from as Jid;
  const wanted = historyRequestOf(request.child(MUC, "x"), clock.now());
  const most = Math.min(options.history, room.configuration.mostHistory);
  for (const { shown } of room.history.chosen(wanted, most)) room.send(shown.readdressed(to));
  room.send(subjectFor(room, to));
}
