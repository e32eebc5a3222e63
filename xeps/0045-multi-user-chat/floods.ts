// How much one user may say in a room, and how often enter, leave and change: beyond it they are told to wait.
import { RateLimit, StanzaError } from "../../src/extension/index.js";
import type { RoomSurroundings } from "./room.js";
import { isAdministrator } from "./privileges.js";

/** Who speaks too fast waits; admins and owners of the room don't, they may have to answer for a bridge. */
export function limitFloods({ options, clock, hooks }: RoomSurroundings): void {
  const { message_burst: most, message_rate: rate } = options;
  const budget = new RateLimit({ most, interval: (most / rate) * 1000, clock });
  hooks.messageGuards.push((room, { bare, affiliation }) => {
    if (isAdministrator(affiliation) || budget.take(`${room.name} ${bare.toString()}`)) return undefined;
    return new StanzaError("policy-violation", { type: "wait", text: "You are writing too fast." });
  });
}
