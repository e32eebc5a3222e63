// XEP-0424: Message Retraction <https://xmpp.org/extensions/xep-0424.html>
import { extension, type Stanza } from "../src/extension/index.js";
import { type Room, rooms } from "./0045-multi-user-chat/index.js";
import { occupantIdentifiers } from "./0421-occupant-identifiers.js";
import { occupantIdOf } from "./payloads/0421-occupant-identifiers.js";
import { NS, retractedId, tombstone } from "./payloads/0424-message-retraction.js";

export const messageRetraction = extension({
  xep: "0424",
  name: "message-retraction",
  version: "0.4.2",
  sentence: "Takes messages that their authors retract out of the history of rooms.",
  requires: [rooms, occupantIdentifiers],
  start(host) {
    const { hooks } = host.use(rooms);
    hooks.roomFeatures.push(() => [NS, `${NS}#tombstone`]);
    // §5: whoever could say it would be safe from moderators, whom it tells that nothing is left to take back
    hooks.reserved.add(`${NS} retracted`);
    hooks.messageSent.push((room, { occupant, stanza }) => {
      if (occupant === undefined || !stanza.has(NS, "retract")) return undefined;
      const id = retractedId(stanza);
      return id === undefined ? undefined : retract(room, id, stanza);
    });

    async function retract(room: Room, id: string, retraction: Stanza): Promise<void> {
      const found = await retracted(room, id, retraction);
      if (found === undefined) return;
      const left = tombstone(found.original, retraction.id, host.clock.now());
      await room.history.replace(found.id, left, room.isStored);
    }
  },
});

/**
 * §4: named by the room's id, as it SHOULD be; but there are clients that name it by their own, which others understand:
 * it must not stay in the history for whoever comes later. §6: only their own.
 */
async function retracted(
  { history, isStored }: Room,
  id: string,
  retraction: Stanza,
): Promise<{ readonly id: string; readonly original: Stanza } | undefined> {
  const original = await history.find(id, isStored);
  if (original !== undefined) return isSameAuthor(original, retraction) ? { id, original } : undefined;
  return history.findSent(id, (message) => isSameAuthor(message, retraction), isStored);
}

function isSameAuthor(original: Stanza, retraction: Stanza): boolean {
  const author = occupantIdOf(original);
  return author !== undefined && author === occupantIdOf(retraction);
}
