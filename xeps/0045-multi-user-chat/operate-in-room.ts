// How an operator gets at a room: found or read from storage, in its turn, and told in plain words what does not work.
import { type Jid, nearest, OperationRefused, StanzaError } from "../../src/extension/index.js";
import type { Afterwards } from "./actor.js";
import type { Creation } from "./creation.js";
import type { Directory } from "./directory.js";
import type { Room, RoomSurroundings } from "./room.js";
import { namesFrom } from "./room-list.js";

export interface OperationParts {
  /** The virtual host's domain. */
  readonly host: string;
  readonly creation: Creation;
  readonly directory: Directory;
  readonly surroundings: RoomSurroundings;
}

/** Rooms among whose names one is looked for that may have been meant. */
const mostLookedAt = 5000;

/** Does the job while nothing else happens in the room; then, once all is on disk, what `afterwards` was given. */
export function inRoom<T>(
  parts: OperationParts,
  jid: Jid,
  job: (room: Room, afterwards: Afterwards) => T | Promise<T>,
): Promise<T> {
  return withReasons(async () => {
    const found = await parts.directory.with(jid, (room) => room?.sequence.alone(() => inTurn(room, job)));
    if (found === undefined) throw new OperationRefused(await unknownRoom(parts, jid));
    return found.result;
  });
}

/** Does the job in a new room; when that fails, there is none. */
export function makeRoom<T>(parts: OperationParts, jid: Jid, owner: Jid, job: (room: Room) => Promise<T>): Promise<T> {
  const { creation, directory } = parts;
  return Promise.resolve(
    directory.with(jid, (present) => {
      if (present !== undefined) throw new OperationRefused(`${jid.toString()} exists already.`);
      const room = creation.make(jid, owner, undefined);
      return room.sequence.alone(() => job(room).catch((error: unknown) => giveUp(room, error)));
    }),
  );
}

/** Refusals of the room's own are meant for stanzas. */
export async function withReasons<T>(job: () => Promise<T>): Promise<T> {
  try {
    return await job();
  } catch (error) {
    if (!(error instanceof StanzaError)) throw error;
    throw new OperationRefused(error.details.text ?? `The room refuses: ${error.condition}.`);
  }
}

/** Undefined when the room was destroyed while it was waited for. */
async function inTurn<T>(
  room: Room,
  job: (room: Room, afterwards: Afterwards) => T | Promise<T>,
): Promise<{ readonly result: T } | undefined> {
  if (room.isDestroyed) return undefined;
  const later: (() => void)[] = [];
  try {
    return { result: await job(room, (each) => later.push(each)) };
  } finally {
    for (const each of later) each(); // also when it could not be stored: somebody may have been put out already
  }
}

function giveUp(room: Room, error: unknown): never {
  room.isDestroyed = true;
  room.surroundings.forget(room);
  throw error;
}

async function unknownRoom(parts: OperationParts, { local, domain }: Jid): Promise<string> {
  const names: string[] = [];
  for await (const name of namesFrom(parts)) if (names.push(name) >= mostLookedAt) break;
  const meant = nearest(local, names);
  const advice = meant === undefined ? "All there are: rookery room list" : `Did you mean ${meant}@${domain}?`;
  return `There is no room ${local}@${domain}. ${advice}`;
}
