// rookery room list: the rooms of one host, or of all; in memory or not.
import type { RoomSummary } from "../../extension/room-facts.js";
import type { RoomOperations } from "../../extension/room-operations.js";
import { command } from "../command.js";
import { field } from "../field.js";
import { misused } from "../failure.js";
import { servicesOf } from "../rooms.js";
import { date, oneLine, plural, type Style, table } from "../style.js";

interface Page {
  readonly rooms: readonly RoomSummary[];
  /** Where the next page begins; null at the end. */
  readonly next: { readonly from: string; readonly after: string } | null;
}

/** Rooms that are looked at for a page. */
const PAGE = 1000;

const fields = {
  host: field.optional(field.host("only this host's rooms")),
  public: field.flag("only rooms that can be found"),
  hidden: field.flag("only rooms that can't"),
  persistent: field.flag("only rooms that stay when everybody has left"),
  temporary: field.flag("only rooms that don't"),
  occupied: field.flag("only rooms with somebody in them"),
  empty: field.flag("only rooms with nobody in them"),
  from: field.optional(field.host("the domain of rooms to begin with")),
  after: field.optional(field.text("the last name of the page before")),
};

export const roomList = command<Page, typeof fields, { readonly rooms: readonly RoomSummary[] }>({
  name: "room list",
  sentence: "Lists the rooms.",
  details: "Example: rookery room list verona.example --persistent --empty",
  place: "server",
  fields,
  positional: ["host"],
  async run(context, input) {
    const { host, from, after = "" } = input;
    const services = servicesOf(context, host);
    const first = Math.max(services.findIndex(({ domain }) => domain === from), 0); // prettier-ignore
    const filter = {
      isPublic: either("public", input.public, "hidden", input.hidden),
      isPersistent: either("persistent", input.persistent, "temporary", input.temporary),
      isOccupied: either("occupied", input.occupied, "empty", input.empty),
    };
    return readPage(services.slice(first), after, (rooms, last) => rooms.list(filter, last, PAGE));
  },
  async interact({ input, call }) {
    const rooms: RoomSummary[] = [];
    let page = await call({ ...input });
    rooms.push(...page.rooms);
    while (page.next !== null) {
      page = await call({ ...input, ...page.next });
      rooms.push(...page.rooms);
    }
    return { rooms };
  },
  render({ rooms }, style) {
    const list = roomTable(rooms, "There are no such rooms.", style);
    return rooms.length > 10 ? `${list}\n${style.dim(plural(rooms.length, "room"))}` : list;
  },
});

export function roomTable(rooms: readonly RoomSummary[], none: string, style: Style): string {
  const rows = rooms.map((room) => [
    room.address,
    String(room.occupants),
    room.isLocked ? style.warning("being made") : room.isPersistent ? "persistent" : "temporary",
    room.isPublic ? "public" : "hidden",
    room.occupants > 0 ? "now" : date(room.lastUsedAt),
    oneLine(room.name),
  ]);
  return table(["ROOM", "OCCUPANTS", "KIND", "FOUND", "LAST USED", "NAME"], rows, none, style);
}

/** A page of the first service, and where to go on: in it, or in the next one. */
export async function readPage(
  [rooms, ...others]: readonly RoomOperations[],
  after: string,
  list: (rooms: RoomOperations, after: string) => ReturnType<RoomOperations["list"]>,
): Promise<Page> {
  if (rooms === undefined) return { rooms: [], next: null };
  const found = await list(rooms, after);
  const here = found.next === null ? null : { from: rooms.domain, after: found.next };
  const there = others[0] === undefined ? null : { from: others[0].domain, after: "" };
  return { rooms: found.rooms, next: here ?? there };
}

function either(yes: string, isYes: boolean, no: string, isNo: boolean): boolean | undefined {
  if (isYes && isNo) misused(`A room can't be ${yes} and ${no}.`);
  return isYes ? true : isNo ? false : undefined;
}
