// Nicknames: which are allowed, whose they are (XEP-0045 §7.2.8, §7.6; RFC 8266).
import { type Jid, nicknameKey, prepareNickname, StanzaError } from "../../src/extension/index.js";
import type { Occupant } from "./occupant.js";
import type { Room } from "./room.js";

export interface Nickname {
  /** room@service/nickname, as RFC 8266 §2.3 enforces it. */
  readonly address: Jid;
  readonly key: string;
  /** It is not what was asked for, to the letter. */
  readonly isChanged: boolean;
}

/** The nickname that `bare` asks for by an occupant's address. Throws when it can't have it. */
export function nicknameFor(room: Room, bare: Jid, asked: Jid): Nickname {
  const nickname = preparedNickname(room, asked);
  requireFree(room, bare, nickname.key);
  return nickname;
}

/** Throws when somebody else goes by the nickname, or has reserved it. */
export function requireFree(room: Room, bare: Jid, key: string): void {
  const holder = room.occupants.get(key);
  const isTaken = holder !== undefined && holder.bare !== bare;
  if (isTaken || otherReserver(room, bare, key) !== undefined) throw new StanzaError("conflict");
}

/** The bare JID, as text, of whoever has reserved the nickname, unless that is `bare`. */
export function otherReserver(room: Room, bare: Jid, key: string): string | undefined {
  const reserver = room.reserverOf(key);
  return reserver === bare.toString() ? undefined : reserver;
}

/** Whether the occupant goes by this nickname now, however it is written. */
export function isOwnNickname(occupant: Occupant, asked: Jid): boolean {
  if (asked === occupant.address) return true;
  try {
    return nicknameKey(asked.resource) === occupant.key;
  } catch {
    return false; // it is none at all: whoever asks for it will be told
  }
}

function preparedNickname(room: Room, asked: Jid): Nickname {
  if (asked.isBare) throw new StanzaError("jid-malformed", { text: "A nickname is missing." }); // §7.2.1
  try {
    const nick = prepareNickname(asked.resource);
    const address = room.jid.withResource(nick);
    return { address, key: nicknameKey(nick), isChanged: address !== asked };
  } catch (error) {
    const why = error instanceof Error ? error.message : "";
    throw new StanzaError("not-acceptable", { text: `This nickname is not allowed (RFC 8266): ${why}.` });
  }
}

/** The key of a nickname that is to be reserved. Throws when it is none. */
export function reservableKey(nick: string): string {
  return allowed(nicknameKey, nick);
}

/** The nickname that is to be reserved, as RFC 8266 §2.3 enforces it. Throws when it is none. */
export function reservable(nick: string): string {
  return allowed(prepareNickname, nick);
}

function allowed(read: (nick: string) => string, nick: string): string {
  try {
    return read(nick);
  } catch {
    throw new StanzaError("not-acceptable", { text: "This nickname is not allowed (RFC 8266)." });
  }
}
