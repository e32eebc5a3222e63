// XEP-0421: Occupant identifiers for semi-anonymous MUCs <https://xmpp.org/extensions/xep-0421.html>
import { extension, type Jid } from "../src/extension/index.js";
import { type Room, rooms } from "./0045-multi-user-chat/index.js";
import { NS, occupantId, occupantIdElement } from "./payloads/0421-occupant-identifiers.js";

export interface OccupantIds {
  /** The same for all of somebody's visits to a room; says nothing of who they are, nor is it the same in another room. */
  readonly idOf: (room: Room, jid: Jid) => string;
}

export const occupantIdentifiers = extension({
  xep: "0421",
  name: "occupant-identifiers",
  version: "1.0.1",
  sentence:
    "Lets the people in a room tell who says what, whatever nicknames they take, without knowing their addresses.",
  requires: [rooms],
  start(host): OccupantIds {
    const { hooks } = host.use(rooms);
    hooks.features.add(NS);
    // §4: whatever an occupant says of it is removed
    hooks.reserved.add(`${NS} occupant-id`);
    hooks.marks.push((room, { bare }) => {
      const element = occupantIdElement(occupantId(room.secret, bare));
      return { inMessages: element, inPresence: element };
    });
    return { idOf: (room, jid) => occupantId(room.secret, jid) };
  },
});
