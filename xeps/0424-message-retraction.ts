// XEP-0424: Message Retraction <https://xmpp.org/extensions/xep-0424.html>
import { extension, type Stanza } from "../src/extension/index.js";
import { type Alongside, type Occupant, type Room, rooms } from "./0045-multi-user-chat/index.js";
import { occupantIdentifiers } from "./0421-occupant-identifiers.js";
import { occupantIdOf } from "./payloads/0421-occupant-identifiers.js";
import { FASTENING, NS, OLD_NS, retractedId, tombstone } from "./payloads/0424-message-retraction.js";

export const messageRetraction = extension({
  xep: "0424",
  name: "message-retraction",
  version: "0.4.2",
  sentence: "Takes messages that their authors retract out of the history of rooms.",
  requires: [rooms, occupantIdentifiers],
  start(host) {
    const { hooks } = host.use(rooms);
    const { idOf } = host.use(occupantIdentifiers);
    hooks.roomFeatures.push(() => [NS, `${NS}#tombstone`, OLD_NS]);
    // §5: whoever could say it would be safe from moderators, whom it tells that nothing is left to take back
    hooks.reserved.add(`${NS} retracted`);
    hooks.messageActions.set(`${NS} retract`, retract);
    hooks.messageActions.set(`${FASTENING} apply-to`, retract);

    async function retract(room: Room, occupant: Occupant, retraction: Stanza): Promise<Alongside | undefined> {
      const id = retractedId(retraction);
      const found = id === undefined ? undefined : await retracted(room, id, idOf(room, occupant.bare));
      // what a moderator has said of it stays
      if (found === undefined || found.original.has(NS, "retracted")) return undefined;
      return (said) => bury(room, found, said.stanza);
    }

    function bury(room: Room, { id, original }: Found, retraction: Stanza): Promise<unknown> {
      return room.history.replace(id, tombstone(original, retraction.id, host.clock.now()), room.isStored);
    }
  },
});

interface Found {
  readonly id: string;
  readonly original: Stanza;
}

/**
 * §4: named by the room's id, as it SHOULD be; but there are clients that name it by their own, which others understand:
 * it must not stay in the history for whoever comes later. §6: only their own.
 * `author`: their occupant id.
 */
async function retracted({ history, isStored }: Room, id: string, author: string): Promise<Found | undefined> {
  const isTheirs = (message: Stanza): boolean => occupantIdOf(message) === author;
  const original = await history.find(id, isStored);
  if (original === undefined) return history.findSent(id, isTheirs, isStored);
  return isTheirs(original) ? { id, original } : undefined;
}
