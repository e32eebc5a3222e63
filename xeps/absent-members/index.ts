// Members who aren't there: whoever chooses so gets a room's messages in their account while they are not in the room.
import { extension, Jid, option, StanzaError } from "../../src/extension/index.js";
import { type Room, rooms, type StandingRecord } from "../0045-multi-user-chat/index.js";
import { offlineMessages } from "../0160-offline-messages.js";
import { choiceField, FEATURE, hasChosen, isOffered, offerField } from "./choice.js";
import { Delivery } from "./delivery.js";

/** Copies for each of those who may choose so that are being stored; whoever speaks meanwhile is told to wait. */
const mostUnderWay = 50;

/** By bare JID; all are accounts of this host. */
type Listeners = Map<string, Jid>;

export const absentMembers = extension({
  name: "absent-members",
  sentence:
    "Lets members of rooms get the messages in their account while they are not there, where the owners allow it.",
  requires: [rooms, offlineMessages],
  options: {
    members: option.integer(1000, "Members of one room who may choose so.", { min: 1, max: 100_000 }),
  },
  start(host) {
    const { hooks, surroundings } = host.use(rooms);
    const delivery = new Delivery(host, surroundings.service);
    const known = new WeakMap<Room, Listeners>();

    hooks.fields.push(offerField);
    hooks.roomFeatures.push((room) => (isOffered(room) ? [FEATURE] : []));
    const count = (room: Room): number => known.get(room)?.size ?? 0;
    hooks.registrationFields.push(choiceField(host, { most: host.options.members, count }));

    const note = (room: Room, jid: Jid, standing: StandingRecord | undefined): void => {
      const listeners = known.get(room);
      if (!hasChosen(standing)) {
        listeners?.delete(jid.toString());
        if (listeners?.size === 0) known.delete(room);
      } else if (listeners !== undefined) listeners.set(jid.toString(), jid);
      else known.set(room, new Map([[jid.toString(), jid]]));
    };
    hooks.remembered.push(note);
    hooks.loaded.push(async (room) => {
      for (const [jid, standing] of room.standings) if (hasChosen(standing)) note(room, Jid.parse(jid), standing);
    });

    hooks.messageGuards.push((room) => {
      if (!isOffered(room) || delivery.underWay(room) < mostUnderWay * host.options.members) return undefined;
      return new StanzaError("resource-constraint", { text: "Too much is being said here: wait a moment." });
    });
    const listenersTo = (room: Room): Iterable<Jid> | undefined =>
      isOffered(room) ? known.get(room)?.values() : undefined;
    hooks.messageKept.push((room, { stanza }) => {
      const listeners = listenersTo(room);
      return listeners === undefined ? undefined : delivery.keep(room, stanza, listeners);
    });
    hooks.messageDue.push((room, { stanza }) => {
      const listeners = listenersTo(room);
      return listeners === undefined ? undefined : delivery.keepForGone(room, stanza, listeners);
    });
    // Nobody enters or leaves before the promise settles, so what does not come to somebody as an occupant comes to the
    // account.
    hooks.messageSent.push((room, { stanza, id }) => {
      const listeners = id === undefined ? undefined : listenersTo(room);
      return listeners === undefined ? undefined : delivery.deliver(room, stanza, listeners);
    });
  },
});
