// Rooms in plain data, as an operator sees them.
import {
  type AffiliationName,
  parseStanza,
  type RoomAffiliation,
  type RoomDetails,
  type RoomMessageText,
  type RoomOccupant,
  type RoomSubject,
  type RoomSummary,
  type Stanza,
} from "../../src/extension/index.js";
import { affiliations } from "../payloads/0045-multi-user-chat.js";
import { NS as RETRACT } from "../payloads/0424-message-retraction.js";
import type { Occupant } from "./occupant.js";
import type { RoomRecord } from "./records.js";
import type { Room } from "./room.js";
import { fieldsOf, settingsOf } from "./room-settings.js";
import { subjectText } from "./subject.js";

export function summaryOf(room: Room): RoomSummary {
  const { jid, occupants, isLocked } = room;
  const now = room.surroundings.clock.now();
  const lastUsedAt = room.seated.size > 0 ? now : room.visitedAt;
  const present = { occupants: occupants.size, isLocked, isInMemory: true, lastUsedAt };
  return { ...summaryOfRecord(jid.toString(), room), ...present, isPersistent: room.isStored };
}

export function summaryOfRecord(address: string, record: Omit<RoomRecord, "secret" | "subject">): RoomSummary {
  const { configuration, createdAt, visitedAt } = record;
  const { name, isPublic, isPersistent } = configuration;
  const absent = { occupants: 0, isLocked: false, isInMemory: false };
  return { address, name, ...absent, isPublic, isPersistent, createdAt, lastUsedAt: visitedAt };
}

export async function detailsOf(room: Room): Promise<RoomDetails> {
  const { standings, configuration, surroundings } = room;
  const by = (wanted: AffiliationName): string[] =>
    [...standings].flatMap(([jid, { affiliation }]) => (affiliation === wanted ? [jid] : []));
  return {
    ...summaryOf(room),
    subject: subjectText(room),
    owners: by("owner"),
    admins: by("admin").length,
    members: by("member").length,
    outcasts: by("outcast").length,
    messages: room.isStored ? await surroundings.stores.history.count(room.name) : room.history.items.length,
    settings: settingsOf(fieldsOf(surroundings.hooks), configuration),
  };
}

export function affiliationsIn({ standings }: Room): readonly RoomAffiliation[] {
  const rank = ({ affiliation }: RoomAffiliation): number => affiliations.indexOf(affiliation);
  return [...standings]
    .flatMap(([address, { affiliation, nick, reason }]) =>
      affiliation === "none" ? [] : [{ address, affiliation, nick, reason }],
    )
    .sort((one, other) => rank(one) - rank(other) || (one.address < other.address ? -1 : 1));
}

export function occupantsIn({ occupants }: Room): readonly RoomOccupant[] {
  return Array.from(occupants.values(), summaryOfOccupant);
}

function summaryOfOccupant({ nick, role, affiliation, seats, shown }: Occupant): RoomOccupant {
  return {
    nick,
    role,
    affiliation,
    addresses: Array.from(seats.keys(), String),
    presence: shown.presence.element().getChildText("show") ?? "available",
    lastSeenAt: Math.max(...Array.from(seats.values(), ({ seenAt }) => seenAt)),
  };
}

export function subjectIn(room: Room): RoomSubject | undefined {
  const { subject } = room;
  if (subject === undefined) return undefined;
  return { text: subjectText(room), by: nickOf(parseStanza(subject.stanza)), at: subject.at };
}

/** From storage, where all of it is; of a temporary room what is in memory. */
export async function messagesIn(
  room: Room,
  limit: number,
  before: string | undefined,
): Promise<readonly RoomMessageText[]> {
  const { history } = room.surroundings.stores;
  const range = before === undefined ? {} : { before };
  if (room.isStored) {
    const stored = await history.last(room.name, limit, range);
    return stored.map(({ id, at, stanza }) => textOf(id, at, parseStanza(stanza)));
  }
  const { items } = room.history;
  const end = before === undefined ? items.length : items.findIndex(({ id }) => id === before);
  return items
    .slice(Math.max(end - limit, 0), Math.max(end, 0))
    .map(({ id, at, original }) => textOf(id, at, original));
}

function textOf(id: string, at: number, stanza: Stanza): RoomMessageText {
  const text = stanza.has("jabber:client", "body") ? (stanza.element().getChildText("body") ?? "") : "";
  const isTakenBack = stanza.has(RETRACT, "retracted");
  return { id, at, from: nickOf(stanza), text, isTakenBack, stanza: stanza.toXml("jabber:client") };
}

function nickOf({ from }: Stanza): string {
  return from?.resource ?? "";
}
