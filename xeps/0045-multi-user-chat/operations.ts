// What an operator can do with rooms (src/extension/room-operations.ts), in the order in which each room does things.
import {
  buildStanza,
  OperationRefused,
  type RoomDetails,
  type RoomOperations,
  xml,
} from "../../src/extension/index.js";
import { configure, unlock } from "./configure.js";
import { destroy } from "./destroy.js";
import { setSubject } from "./groupchat.js";
import { inRoom, makeRoom, type OperationParts, withReasons } from "./operate-in-room.js";
import { affiliate, kick } from "./operate-on-people.js";
import { isUnused, listRooms } from "./room-list.js";
import { fieldsOf, withSettings } from "./room-settings.js";
import { affiliationsIn, detailsOf, messagesIn, occupantsIn, subjectIn, summaryOf } from "./room-summary.js";

/** Whoever acts is the server itself: nobody has to be asked whether they may. */
export function roomOperations(parts: OperationParts): RoomOperations {
  const { surroundings, host } = parts;
  return {
    host,
    domain: surroundings.service.jid.toString(),
    list: (filter, after, limit) => listRooms(parts, filter, after, limit),
    show: (jid) => inRoom(parts, jid, detailsOf),
    create: (jid, owner, settings) => withReasons(() => create(parts, jid, owner, settings)),
    configure: (jid, settings) =>
      inRoom(parts, jid, async (room, afterwards) => {
        const wanted = withSettings(fieldsOf(surroundings.hooks), room.configuration, settings);
        if (room.isLocked) await unlock(room, wanted, undefined);
        else await configure(room, wanted, undefined, afterwards);
        return detailsOf(room);
      }),
    destroy: (jid, { reason = "", venue, unusedFor = 0 }) =>
      inRoom(parts, jid, async (room) => {
        if (unusedFor > 0 && !isUnused(summaryOf(room), surroundings.clock.now() - unusedFor))
          throw inUse(jid.toString());
        const occupants = room.occupants.size;
        await destroy(room, { reason, venue, password: "" }, undefined);
        return occupants;
      }),
    affiliations: (jid) => inRoom(parts, jid, affiliationsIn),
    affiliate: (jid, change) => inRoom(parts, jid, (room, afterwards) => affiliate(room, change, afterwards)),
    occupants: (jid) => inRoom(parts, jid, occupantsIn),
    kick: (jid, nick, reason) => inRoom(parts, jid, (room, afterwards) => kick(room, nick, reason, afterwards)),
    subject: (jid) => inRoom(parts, jid, subjectIn),
    setSubject: (jid, text) =>
      inRoom(parts, jid, async (room) => {
        await setSubject(room, buildStanza("message", { id: crypto.randomUUID() }, xml("subject", {}, text)));
      }),
    history: (jid, limit, before) => inRoom(parts, jid, (room) => messagesIn(room, limit, before)),
    purge: (jid, before) =>
      inRoom(parts, jid, async (room) => {
        const messages = await room.history.forget(before, room.isStored);
        surroundings.log.info("room-history-purged", { room: room.jid, messages, before });
        return messages;
      }),
    takeBack: (jid, id, reason) => inRoom(parts, jid, (room) => takeBack(room, id, reason)),
  };
}

async function create(
  parts: OperationParts,
  ...[jid, owner, settings]: Parameters<RoomOperations["create"]>
): Promise<RoomDetails> {
  const { creation, surroundings } = parts;
  const first = { ...creation.configuration, isPersistent: true };
  const wanted = withSettings(fieldsOf(surroundings.hooks), first, settings);
  if (!wanted.isPersistent) throw new OperationRefused("A room that nobody is in is there only as a persistent one.");
  return makeRoom(parts, jid, owner, async (room) => {
    await unlock(room, wanted, undefined);
    return detailsOf(room);
  });
}

function inUse(room: string): OperationRefused {
  return new OperationRefused(`${room} has been used meanwhile; it stays.`);
}

async function takeBack(
  ...[room, id, reason]: Parameters<OperationParts["surroundings"]["hooks"]["takingBack"][0]>
): Promise<boolean> {
  const [hook] = room.surroundings.hooks.takingBack;
  if (hook === undefined) throw new OperationRefused("The extension moderated-message-retraction is off.");
  const outcome = await hook(room, id, reason);
  if (outcome !== "unknown") return outcome === "gone-now";
  throw new OperationRefused(`${room.jid.toString()} has no message ${id}. With their ids: rookery room history --ids`);
}
