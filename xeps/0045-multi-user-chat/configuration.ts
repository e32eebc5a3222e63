// What the owners of a room can set (XEP-0045 §10.2), as it is kept.
import { isDeepStrictEqual } from "node:util";
import { type Codec, json } from "../../src/extension/index.js";
import { type Role, roles } from "../payloads/0045-multi-user-chat.js";

export type PrivateMessages = "anyone" | "participants" | "moderators" | "none";

export interface RoomConfiguration {
  readonly name: string;
  readonly description: string;
  /** Of the discussions (RFC 5646); "" for none. */
  readonly language: string;
  readonly isPersistent: boolean;
  readonly isPublic: boolean;
  readonly isMembersOnly: boolean;
  readonly isModerated: boolean;
  readonly isNonAnonymous: boolean;
  /** "" for none. */
  readonly password: string;
  /** 0: no limit but the service's. */
  readonly mostOccupants: number;
  /** Whether participants may change the subject, not moderators only. */
  readonly mayChangeSubject: boolean;
  /** Whether all may invite into a members-only room, not admins and owners only (§9.5). */
  readonly mayInvite: boolean;
  /** Who may send private messages. */
  readonly privateMessages: PrivateMessages;
  /** Roles whose presence is broadcast. */
  readonly broadcastRoles: readonly Role[];
  /** Who may get the member list. */
  readonly memberListRoles: readonly Role[];
  /** Most messages of history that a newcomer is sent. */
  readonly mostHistory: number;
  /** Whom to ask about the room: bare addresses. */
  readonly contacts: readonly string[];
  /** What other extensions' fields hold, by the field's name. */
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

export const defaultConfiguration: RoomConfiguration = {
  name: "",
  description: "",
  language: "",
  isPersistent: false,
  isPublic: true,
  isMembersOnly: false,
  isModerated: false,
  isNonAnonymous: false,
  password: "",
  mostOccupants: 0,
  mayChangeSubject: false,
  mayInvite: false,
  privateMessages: "anyone",
  broadcastRoles: ["moderator", "participant", "visitor"],
  memberListRoles: ["moderator", "participant", "visitor"],
  mostHistory: 20,
  contacts: [],
  extra: {},
};

/** What another extension's field holds; undefined where it has never been set. */
export function extraOf({ extra }: RoomConfiguration, name: string): readonly string[] | undefined {
  return Object.hasOwn(extra, name) ? extra[name] : undefined;
}

export function withExtra(
  configuration: RoomConfiguration,
  name: string,
  values: readonly string[],
): RoomConfiguration {
  return { ...configuration, extra: { ...configuration.extra, [name]: values } };
}

/** The status codes that tell occupants of a change (§10.2.1); none when nothing has changed. */
export function statusesOfChange(before: RoomConfiguration, after: RoomConfiguration): number[] {
  const statuses: number[] = [];
  if (before.isNonAnonymous !== after.isNonAnonymous) statuses.push(after.isNonAnonymous ? 172 : 173);
  // 170 and 171 belong to public logs, which there are none of
  const isOtherwiseSame = isDeepStrictEqual({ ...before, isNonAnonymous: after.isNonAnonymous }, after);
  return isOtherwiseSame ? statuses : [...statuses, 104];
}

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === "string";
const isClaim: Check = (value) => typeof value === "boolean";
const isCount: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 0;
const isListOfTexts: Check = (value) => Array.isArray(value) && value.every(isText);
const isListOfRoles: Check = (value) => Array.isArray(value) && value.every((role) => roles.includes(role as Role));

const checks: Readonly<Record<keyof RoomConfiguration, Check>> = {
  name: isText,
  description: isText,
  language: isText,
  isPersistent: isClaim,
  isPublic: isClaim,
  isMembersOnly: isClaim,
  isModerated: isClaim,
  isNonAnonymous: isClaim,
  password: isText,
  mostOccupants: isCount,
  mayChangeSubject: isClaim,
  mayInvite: isClaim,
  privateMessages: (value) => ["anyone", "participants", "moderators", "none"].includes(String(value)),
  broadcastRoles: isListOfRoles,
  memberListRoles: isListOfRoles,
  mostHistory: isCount,
  contacts: isListOfTexts,
  extra: (value) => isRecord(value) && Object.values(value).every(isListOfTexts),
};

const written = json(isPartOfConfiguration);

/** What an older program has not written has its default value, and what a newer one has added is passed over. */
export const configurationCodec: Codec<RoomConfiguration> = {
  encode: (configuration) => JSON.stringify(configuration),
  decode: (text) => {
    const known = Object.entries(written.decode(text)).filter(([name]) => Object.hasOwn(checks, name));
    return { ...defaultConfiguration, ...Object.fromEntries(known) };
  },
};

function isPartOfConfiguration(value: unknown): value is Partial<RoomConfiguration> {
  return isRecord(value) && Object.entries(checks).every(([name, check]) => !(name in value) || check(value[name]));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
