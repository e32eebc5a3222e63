// What the owners of a room can set (XEP-0045 §10.2), as it is kept.
import type { Role } from "../payloads/0045-multi-user-chat.js";

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
