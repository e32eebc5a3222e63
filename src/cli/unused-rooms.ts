// Rooms that nobody has used for long, page by page: they are found, and destroyed if that is meant.
import { OperationRefused } from "../extension/operation-refused.js";
import type { RoomSummary } from "../extension/room-facts.js";
import type { RoomOperations } from "../extension/room-operations.js";
import { Jid } from "../jid/jid.js";
import { readPage } from "./commands/room-list.js";
import type { CommandContext } from "./context.js";
import { servicesOf } from "./rooms.js";

/** Rooms that are looked at for a page. */
const PAGE = 500;

/** The place where a page begins: behind a room's name, at a domain. */
interface PageStart {
  readonly from?: string | undefined;
  readonly after?: string | undefined;
}

/** `unusedFor`: milliseconds. `isMeant`: they are destroyed, and only those that were are told. */
export async function purgeUnused(
  context: CommandContext,
  unusedFor: number,
  { from, after = "" }: PageStart,
  isMeant: boolean,
): ReturnType<typeof readPage> {
  const services = servicesOf(context);
  const first = Math.max(services.findIndex(({ domain }) => domain === from), 0); // prettier-ignore
  const list = services.slice(first);
  const page = await readPage(list, after, (rooms, last) => rooms.list({ unusedFor }, last, PAGE));
  if (!isMeant) return page;
  const destroyed: RoomSummary[] = [];
  for (const room of page.rooms) if (await destroyUnused(list[0], room.address, unusedFor)) destroyed.push(room);
  return { rooms: destroyed, next: page.next };
}

/** False when somebody has used it meanwhile. */
async function destroyUnused(rooms: RoomOperations | undefined, address: string, unusedFor: number): Promise<boolean> {
  try {
    await rooms?.destroy(Jid.parse(address), { reason: "Nobody has used this room for long.", unusedFor });
    return true;
  } catch (error) {
    if (error instanceof OperationRefused) return false;
    throw error;
  }
}
