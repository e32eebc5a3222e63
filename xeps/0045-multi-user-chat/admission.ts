// Whether somebody may enter a room now (XEP-0045 §7.2): what they are to it, its password, its places.
import { type Jid, type Stanza, StanzaError } from "../../src/extension/index.js";
import { MUC, passwordIn } from "../payloads/0045-multi-user-chat.js";
import { requireMayEnter } from "./permissions.js";
import { isAdministrator } from "./privileges.js";
import type { Room } from "./room.js";
import type { Affiliation } from "./standing.js";

/** Admins and owners get in although a room is full, up to so many (§7.2.9). */
const placesForAdmins = 20;

export function requireAdmission(room: Room, request: Stanza, affiliation: Affiliation, isNew: boolean): void {
  const { configuration } = room;
  if (room.isLocked && !isNew) throw new StanzaError("item-not-found"); // §7.2.10
  requireMayEnter(affiliation, configuration);
  if (configuration.password !== "" && !isNew) requirePassword(request, configuration.password);
  room.surroundings.visits.requireOneMore(request.from as Jid);
}

/** §7.2.5 */
function requirePassword(request: Stanza, password: string): void {
  const muc = request.child(MUC, "x");
  if (muc === undefined || passwordIn(muc) !== password) throw new StanzaError("not-authorized");
}

/** §7.2.9. Another session behind a nickname takes no further place, but there is an end to them, too. */
export function requireRoom(
  { configuration, surroundings, occupants, seated }: Room,
  affiliation: Affiliation,
  isSecond: boolean,
): void {
  const { most_occupants: most } = surroundings.options;
  const own = configuration.mostOccupants === 0 ? most : Math.min(configuration.mostOccupants, most);
  const places = (isSecond ? most : own) + (isAdministrator(affiliation) ? placesForAdmins : 0);
  if ((isSecond ? seated : occupants).size < places) return;
  throw new StanzaError("service-unavailable", { type: "wait", text: "The room is full." });
}
