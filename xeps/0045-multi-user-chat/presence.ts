// How an occupant is shown to others: its own words, and what the room says of it (XEP-0045 §7.2.2).
import { buildStanza, type Element, type Jid, Stanza } from "../../src/extension/index.js";
import { type MucItem, userElement } from "../payloads/0045-multi-user-chat.js";
import { slices } from "./in-turns.js";
import type { Occupant } from "./occupant.js";
import type { Room } from "./room.js";

/** What is special about one change: status codes, who is behind it and why. */
export interface Remarks {
  readonly statuses?: readonly number[];
  /** For the occupant alone. */
  readonly ownStatuses?: readonly number[];
  readonly item?: Pick<MucItem, "nick" | "actorNick" | "reason" | "role">;
  /** Added to the <x/>. */
  readonly more?: readonly Element[];
  /** For the occupant alone. */
  readonly ownMore?: readonly Element[];
  /** Id of the occupant's own stanza that is answered by this (§7.2.2: for tracking). */
  readonly id?: string | undefined;
}

/** Whether this occupant sees real addresses (§7.2.3, §7.2.4). */
export function seesAddresses(room: Room, occupant: Occupant): boolean {
  return room.configuration.isNonAnonymous || occupant.role === "moderator";
}

/** Whether others are told of this occupant at all (muc#roomconfig_presencebroadcast). */
export function isBroadcast(room: Room, { role }: Occupant): boolean {
  return room.configuration.broadcastRoles.includes(role);
}

/** The occupant as it is shown when nothing special has happened; made once, addressed to nobody. */
export function shownTo(viewer: Occupant, room: Room, occupant: Occupant): Stanza {
  const { open, anonymous } = occupant.presences((isOpen) => availablePresence(occupant, isOpen, {}));
  return seesAddresses(room, viewer) ? open : anonymous;
}

/** Shows the occupant to all others, and last to itself. */
export function showToAll(room: Room, occupant: Occupant, remarks: Remarks = {}): void {
  occupant.refresh();
  if (isBroadcast(room, occupant)) tellOthers(room, occupant, (isOpen) => availablePresence(occupant, isOpen, remarks));
  for (const jid of occupant.seats.keys()) showToItself(room, occupant, jid, remarks);
}

/** §7.2.2: with status 110, so that the session knows that this is itself. */
export function showToItself(room: Room, occupant: Occupant, jid: Jid, remarks: Remarks): void {
  room.send(availablePresence(occupant, true, ofItself(remarks)).readdressed(jid));
}

/** Tells everybody but the occupant's own sessions: `make` is called once for each of the two ways to show somebody. */
export function tellOthers(room: Room, about: Occupant, make: (isOpen: boolean) => Stanza): void {
  const { service } = room.surroundings;
  for (const { isOpen, viewers } of viewersOf(room, about)) service.sendToAll(make(isOpen), viewers);
}

/** Likewise, and yields between every few of them. */
export function* tellOthersInTurns(
  room: Room,
  about: Occupant,
  make: (isOpen: boolean) => Stanza,
): Generator<void, void> {
  const { service } = room.surroundings;
  for (const { isOpen, viewers } of viewersOf(room, about)) {
    const stanza = make(isOpen);
    yield* slices(viewers, (slice) => service.sendToAll(stanza, slice));
  }
}

/** All but the occupant's own sessions, in two parts: those who see real addresses, and those who don't; none is empty. */
function viewersOf(room: Room, about: Occupant): { readonly isOpen: boolean; readonly viewers: readonly Jid[] }[] {
  const open: Jid[] = [];
  const anonymous: Jid[] = [];
  for (const [jid, viewer] of room.seated) {
    if (viewer !== about) (seesAddresses(room, viewer) ? open : anonymous).push(jid);
  }
  const parts = [
    { isOpen: true, viewers: open },
    { isOpen: false, viewers: anonymous },
  ];
  return parts.filter(({ viewers }) => viewers.length > 0);
}

/** What the occupant alone is told. */
export function ofItself({ statuses = [], ownStatuses = [], more = [], ownMore = [], ...rest }: Remarks): Remarks {
  const all = [...statuses, ...ownStatuses, 110].sort((one, other) => one - other);
  return { ...rest, statuses: all, more: [...more, ...ownMore] };
}

export function availablePresence(occupant: Occupant, isOpen: boolean, remarks: Remarks): Stanza {
  const { shown, role, affiliation, presenceMarks } = occupant;
  const item = { affiliation, role, ...(isOpen ? { jid: shown.jid } : {}), ...remarks.item };
  const x = userElement([item], remarks.statuses ?? [], ...(remarks.more ?? []));
  return withElements(shown.presence, occupant.address, remarks.id, [x, ...presenceMarks]);
}

/**
 * The occupant leaves, or one of its sessions does. `words`: its own last presence.
 * §7.14: the role is "none" then.
 */
export function unavailablePresence(
  occupant: Occupant,
  isOpen: boolean,
  remarks: Remarks,
  { jid, words }: { readonly jid: Jid; readonly words?: Stanza | undefined },
): Stanza {
  const { affiliation, address } = occupant;
  const item = { affiliation, role: "none" as const, ...(isOpen ? { jid } : {}), ...remarks.item };
  const x = userElement([item], remarks.statuses ?? [], ...(remarks.more ?? []));
  const marks = occupant.presenceMarks;
  if (words !== undefined) return withElements(words, address, remarks.id, [x, ...marks]);
  return buildStanza("presence", { from: address, type: "unavailable", id: remarks.id }, x, ...marks);
}

function withElements(words: Stanza, from: Jid, id: string | undefined, elements: readonly Element[]): Stanza {
  const added = buildStanza("presence", {}, ...elements);
  return new Stanza(undefined, from, {
    ...words.body,
    id,
    content: words.body.content + added.body.content,
    children: [...words.body.children, ...added.body.children],
    isAscii: words.body.isAscii && added.body.isAscii,
  });
}
