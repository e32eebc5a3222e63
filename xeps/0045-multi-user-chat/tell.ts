// What the room itself writes to some people, in it or not: invitations, questions to its moderators and admins.
import { buildStanza, type Element, type Jid } from "../../src/extension/index.js";
import type { Room } from "./room.js";

/** `id`: of the message that it answers or hands on, if any. */
export function tell(
  room: Room,
  recipients: Iterable<Jid>,
  content: readonly Element[],
  id: string = crypto.randomUUID(),
): void {
  room.surroundings.service.sendToAll(buildStanza("message", { from: room.jid, id }, ...content), recipients);
}
