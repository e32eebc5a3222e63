// IQs between occupants, by their addresses in the room (XEP-0045 §17.4).
import { type Jid, Stanza, StanzaError } from "../../src/extension/index.js";
import { handedOn } from "./handed-on-error.js";
import { occupantAt } from "./occupant-at.js";
import type { Occupant, Seat } from "./occupant.js";
import type { Room } from "./room.js";

/** Of vCards and of what users publish (PEP) their servers know more than their clients do. */
const ofAccounts: ReadonlySet<string> = new Set([
  "vcard-temp",
  "urn:ietf:params:xml:ns:vcard-4.0",
  "http://jabber.org/protocol/pubsub",
]);
const discovery = "http://jabber.org/protocol/disco#";

/** A request: it goes to the session that the occupant last used, and says which of the asker's sessions the answer is for. */
export function forwardRequest(room: Room, request: Stanza, asker: Occupant | undefined): void {
  const seat = asker?.seats.get(request.from as Jid);
  const [payload] = request.children;
  // §6.6 wants another answer than XEP-0410 §3.2 and everybody else
  const isDiscovery = payload?.namespace.startsWith(discovery) === true;
  if (asker === undefined || seat === undefined) throw new StanzaError(isDiscovery ? "bad-request" : "not-acceptable");
  const asked = occupantAt(room, request.to as Jid);
  if (asked === undefined) throw new StanzaError("item-not-found");
  const to = ofAccounts.has(payload?.namespace ?? "") ? asked.bare : asked.shown.jid;
  const id = `${seat.number} ${asked.shown.number} ${request.id ?? ""}`;
  room.send(new Stanza(to, asker.address, { ...request.body, id }));
}

/** An answer to such a request: false when it is none. */
export function forwardAnswer(room: Room, answer: Stanza, answering: Occupant | undefined): boolean {
  const [, asking, asked, id] = /^(\d+) (\d+) ([^]*)$/.exec(answer.id ?? "") ?? [];
  const asker = occupantAt(room, answer.to as Jid);
  const seat = asker === undefined ? undefined : seatNumbered(asker, Number(asking));
  const occupant = answering ?? occupantOfAccount(room, answer.from as Jid, Number(asked));
  const from = occupant?.address ?? formerAddress(room, answer);
  if (seat === undefined || from === undefined || id === undefined) return false;
  const shown = answer.type === "error" && asker !== undefined ? handedOn(room, answer, asker) : answer;
  room.send(new Stanza(seat.jid, from, { ...shown.body, id }));
  return true;
}

function seatNumbered({ seats }: Occupant, number: number): Seat | undefined {
  for (const seat of seats.values()) if (seat.number === number) return seat;
  return undefined;
}

/** Who was put out meanwhile, and can't be reached: whoever has asked would wait for ever. */
function formerAddress({ jid, surroundings }: Room, { type, from }: Stanza): Jid | undefined {
  return type === "error" ? surroundings.farewells.addressOf(from as Jid, jid) : undefined;
}

/** Who answers with a bare JID: an account. Its user may be here by several nicknames. */
function occupantOfAccount({ occupants }: Room, jid: Jid, asked: number): Occupant | undefined {
  if (!jid.isBare) return undefined;
  for (const occupant of occupants.values()) {
    if (occupant.bare === jid && seatNumbered(occupant, asked) !== undefined) return occupant;
  }
  return undefined;
}
