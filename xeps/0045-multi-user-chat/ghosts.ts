// Ghosts: occupants who are not there any more without having said so (XEP-0045 §11.1, §16.1.2).
import { type Jid, type Stanza, StanzaError, xml } from "../../src/extension/index.js";
import { conditionOf } from "./farewells.js";
import { leave } from "./leave.js";
import { noteSignOfLife, type Seat } from "./occupant.js";
import { answerTimeout } from "./options.js";
import type { Room } from "./room.js";

/** What says that a stanza did not get there. */
const deliveryErrors: ReadonlySet<string> = new Set([
  "gone",
  "item-not-found",
  "jid-malformed",
  "recipient-unavailable",
  "redirect",
  "remote-server-not-found",
  "remote-server-timeout",
  "resource-constraint", // too much waits for their server: they would stay without knowing what they missed
  "service-unavailable",
]);

/** Questions under way for one service; more wait for the next look. */
const mostQuestions = 500;

/** Removes the sender of an error that says that they can't be reached; false for other errors. */
export function removeUnreachable(room: Room, error: Stanza): boolean {
  const condition = conditionOf(error);
  if (condition === undefined || !deliveryErrors.has(condition)) return false;
  remove(room, error.from as Jid, condition);
  return true;
}

/** Asks those for a sign of life who have been silent since that time: milliseconds since 1970. */
export function askTheSilent(rooms: Iterable<Room>, since: number, isOfThisServer: (jid: Jid) => boolean): void {
  let questions = 0;
  for (const room of rooms) {
    for (const [jid, occupant] of room.seated) {
      const seat = occupant.seats.get(jid);
      // Core tells us itself when a session of this server ends.
      if (seat === undefined || seat.seenAt >= since || isOfThisServer(jid)) continue;
      if ((questions += 1) > mostQuestions) return;
      seat.seenAt = room.surroundings.clock.now();
      ask(room, seat).catch((error: unknown) => room.surroundings.log.error("occupant-not-asked", { error }));
    }
  }
}

async function ask(room: Room, seat: Seat): Promise<void> {
  const { service, clock } = room.surroundings;
  try {
    await service.request(room.jid, seat.jid, "get", xml("ping", { xmlns: "urn:xmpp:ping" }), answerTimeout);
    noteSignOfLife(seat, clock.now());
  } catch (error) {
    if (!(error instanceof StanzaError)) throw error;
    await concludeFrom(error, room, seat);
  }
}

/** "service-unavailable" is also what a client says that does not know the question: it is there, then. */
async function concludeFrom({ condition }: StanzaError, room: Room, seat: Seat): Promise<void> {
  if (!deliveryErrors.has(condition) || condition === "service-unavailable")
    return noteSignOfLife(seat, room.surroundings.clock.now());
  const mayComeBack = condition === "remote-server-timeout" && !seat.isSilent;
  seat.isSilent = true;
  // A phone without a connection answers later: its server keeps the session for some minutes (XEP-0198), and what comes.
  if (mayComeBack) return;
  await room.sequence.alone(() => {
    if (room.seated.get(seat.jid)?.seats.get(seat.jid) === seat && seat.isSilent) remove(room, seat.jid, condition);
  });
}

function remove(room: Room, jid: Jid, condition: string): void {
  if (!room.seated.has(jid)) return;
  room.surroundings.log.info("occupant-unreachable", { room: room.jid, occupant: jid, condition });
  leave(room, jid, { statuses: [333] });
}
