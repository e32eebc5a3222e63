// What is kept of a persistent room: as it goes into storage, and is read again by this program or a later one.
import { type Codec, json } from "../../src/extension/index.js";
import { configurationCodec, type RoomConfiguration } from "./configuration.js";
import { type Affiliation, isAffiliation, isRole, type Role } from "./standing.js";

/** The subject as it was set, whole. */
export interface SubjectRecord {
  /** The message, as XML. */
  readonly stanza: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export interface RoomRecord {
  readonly configuration: RoomConfiguration;
  readonly subject: SubjectRecord | undefined;
  /** From which what must be unguessable in this room is derived (XEP-0421 §4); base64. */
  readonly secret: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** When somebody was in it: milliseconds since 1970, a day old at most when it was later. */
  readonly visitedAt: number;
}

interface WrittenRoom {
  readonly configuration: string;
  readonly subject?: SubjectRecord;
  readonly secret: string;
  readonly createdAt: number;
  /** Absent in what older programs wrote. */
  readonly visitedAt?: number;
}

const writtenRoom = json(isWrittenRoom);

export const roomCodec: Codec<RoomRecord> = {
  encode: ({ configuration, subject, ...rest }) =>
    writtenRoom.encode({
      ...rest,
      configuration: configurationCodec.encode(configuration),
      ...(subject === undefined ? {} : { subject }),
    }),
  decode(text) {
    const { configuration, subject, secret, createdAt, visitedAt = createdAt } = writtenRoom.decode(text);
    return { configuration: configurationCodec.decode(configuration), subject, secret, createdAt, visitedAt };
  },
};

/** What a room remembers of somebody by their bare JID, or of all of a domain. */
export interface StandingRecord {
  readonly affiliation: Affiliation;
  /** Nickname that nobody else may use. */
  readonly nick?: string;
  /** Voice that a moderator has given in a moderated room (§5.1: roles should outlast a visit there). */
  readonly role?: Role;
  /** Why, in the words of whoever decided it. */
  readonly reason?: string;
  /** What they have chosen in other extensions' fields of the registration form, by the field's name. */
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

export const standingCodec: Codec<StandingRecord> = json(isStandingRecord);

function isWrittenRoom(value: unknown): value is WrittenRoom {
  if (typeof value !== "object" || value === null) return false;
  const { configuration, subject, secret, createdAt, visitedAt } = value as Partial<Record<keyof WrittenRoom, unknown>>;
  return (
    typeof configuration === "string" &&
    typeof secret === "string" &&
    typeof createdAt === "number" &&
    (visitedAt === undefined || typeof visitedAt === "number") &&
    (subject === undefined || isSubject(subject))
  );
}

function isSubject(value: unknown): value is SubjectRecord {
  if (typeof value !== "object" || value === null) return false;
  const { stanza, at } = value as Partial<Record<keyof SubjectRecord, unknown>>;
  return typeof stanza === "string" && typeof at === "number";
}

function isStandingRecord(value: unknown): value is StandingRecord {
  if (typeof value !== "object" || value === null) return false;
  const { affiliation, nick, role, reason, extra } = value as Partial<Record<keyof StandingRecord, unknown>>;
  return (
    isAffiliation(affiliation) &&
    (nick === undefined || typeof nick === "string") &&
    (role === undefined || isRole(role)) &&
    (reason === undefined || typeof reason === "string") &&
    (extra === undefined || isExtra(extra))
  );
}

function isExtra(value: unknown): value is NonNullable<StandingRecord["extra"]> {
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).every((each) => Array.isArray(each) && each.every((item) => typeof item === "string"));
}
