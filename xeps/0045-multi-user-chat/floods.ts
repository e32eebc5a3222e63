// How much one user may say in a room, and how often enter and change: beyond it they are told to wait.
import { type Jid, RateLimit, type Stanza, StanzaError } from "../../src/extension/index.js";
import type { Hooks } from "./hooks.js";
import type { Room, RoomSurroundings } from "./room.js";
import { isAdministrator } from "./privileges.js";

/** Changes of presence that one user may make at once: several sessions may come back at a time. */
const mostPresences = 20;

/** Who is too fast waits; admins and owners of the room don't, they may have to answer for a bridge. */
export function limitFloods({ options, clock, hooks }: RoomSurroundings): void {
  const { message_burst: most, message_rate: rate, presence_rate: presenceRate } = options;
  const messages = new RateLimit({ most, interval: (most / rate) * 1000, clock });
  const presences = new RateLimit({ most: mostPresences, interval: (mostPresences / presenceRate) * 1000, clock });
  const guard: Hooks["messageGuards"][number] = (room, { bare, affiliation }) => {
    if (isAdministrator(affiliation) || messages.take(`${room.name} ${bare.toString()}`)) return undefined;
    return new StanzaError("policy-violation", { type: "wait", text: "You are writing too fast." });
  };
  hooks.messageGuards.push(guard);
  hooks.privateGuards.push(guard);
  hooks.presenceGuards.push((room, jid) => {
    if (isAdministrator(room.affiliationOf(jid)) || presences.take(`${room.name} ${jid.bare.toString()}`))
      return undefined;
    return new StanzaError("policy-violation", { type: "wait", text: "You come or change too often." });
  });
}

/** Everybody in the room is sent it, and everybody who comes as long as it is shown. */
export function isTooLongToShow({ surroundings }: Room, presence: Stanza): boolean {
  return presence.body.content.length > surroundings.options.presence_size;
}

/** Of somebody who wants to enter, or who is in. Throws when that must not be shown to everybody. */
export function requireMayShow(room: Room, presence: Stanza): void {
  if (isTooLongToShow(room, presence))
    throw new StanzaError("policy-violation", { text: "The presence is too long for this room." });
  requireNotTooOften(room, presence.from as Jid);
}

/** Whoever has others told of them, in the room or not. Throws when they do so too often. */
export function requireNotTooOften(room: Room, jid: Jid): void {
  for (const guard of room.surroundings.hooks.presenceGuards) {
    const error = guard(room, jid);
    if (error !== undefined) throw error;
  }
}
