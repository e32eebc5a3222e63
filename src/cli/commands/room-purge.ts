// rookery room purge: takes messages out of the history of a room, or rooms away that nobody has used for long.
import type { RoomSummary } from "../../extension/room-facts.js";
import { confirm } from "../ask.js";
import { command, type Interaction } from "../command.js";
import type { CommandContext } from "../context.js";
import { misused } from "../failure.js";
import { field, type InputOf, readInput } from "../field.js";
import { roomNamed } from "../rooms.js";
import { plural, type Style } from "../style.js";
import { purgeUnused } from "../unused-rooms.js";
import { roomTable } from "./room-list.js";

interface Purged {
  /** Null: rooms were looked through. */
  readonly room: string | null;
  /** How many are gone from the room's history. */
  readonly messages: number;
  /** With --id: the message had been removed before. */
  readonly wasGone?: boolean;
  /** That are unused, and gone if `isDone`. */
  readonly rooms: readonly RoomSummary[];
  readonly isDone: boolean;
  /** Where the next page of rooms begins; null at the end. */
  readonly next: { readonly from: string; readonly after: string } | null;
}

const fields = {
  room: field.optional(field.text("address of the room; none with --unused-for")),
  before: field.optional(
    field.moment("messages before this time: 2026-01-31, 2026-01-31T12:00, or 90d for so long ago"),
  ),
  all: field.flag("all messages"),
  id: field.optional(
    field.text("one message, by the id that rookery room history --ids shows; clients are told to hide it"),
  ),
  reason: field.optional(field.text("why, in words for the room; with --id")),
  unused_for: field.optional(
    field.span("destroy all rooms that nobody was in for so long; without --yes they are listed only"),
  ),
  yes: field.flag("don't ask whether this is meant; with --unused-for: really do it"),
  from: field.optional(field.host("the domain of rooms to begin with")),
  after: field.optional(field.text("the last name of the page before")),
};

type Input = InputOf<typeof fields>;

export const roomPurge = command<Purged, typeof fields>({
  name: "room purge",
  sentence: "Removes messages from the history of a room, or rooms that nobody uses any more.",
  details: `Examples: rookery room purge garden@rooms.verona.example --before 2026-01-31
          rookery room purge --unused-for 90d`,
  place: "server",
  fields,
  positional: ["room"],
  async run(context, input) {
    const { room, unused_for: unusedFor } = input;
    requireOneWish(input);
    return unusedFor === undefined ? purgeRoom(context, room ?? "", input) : purgeRooms(context, unusedFor, input);
  },
  async interact(interaction) {
    requireOneWish(readInput(fields, interaction.input)); // before anybody is asked whether they mean it
    return interaction.input["unused_for"] === undefined ? purgeOne(interaction) : purgePages(interaction);
  },
  render,
});

function requireOneWish({ room, before, all, id, reason, unused_for: unusedFor }: Input): void {
  const wishes = [before, all || undefined, id, unusedFor].filter((wish) => wish !== undefined).length;
  if (wishes !== 1) misused("What is to go? Say one of --before, --all, --id and --unused-for.");
  if (unusedFor !== undefined && room !== undefined) misused("--unused-for goes for all rooms; leave out the room.");
  if (unusedFor === undefined && room === undefined) misused("Which room? Only --unused-for goes without one.");
  if (reason !== undefined && id === undefined) misused("--reason goes with --id only.");
}

async function purgeRoom(context: CommandContext, room: string, { before, id, reason }: Input): Promise<Purged> {
  const { rooms, jid } = roomNamed(context, room);
  const rest = { room: jid.toString(), rooms: [], isDone: true, next: null };
  if (id === undefined) return { ...rest, messages: await rooms.purge(jid, before) };
  const isGoneNow = await rooms.takeBack(jid, id, reason);
  return { ...rest, messages: Number(isGoneNow), wasGone: !isGoneNow };
}

async function purgeRooms(context: CommandContext, unusedFor: number, { yes, ...start }: Input): Promise<Purged> {
  return { room: null, messages: 0, ...(await purgeUnused(context, unusedFor, start, yes)), isDone: yes };
}

async function purgeOne({ terminal, flags, input, call }: Interaction<Purged>): Promise<Purged> {
  const what = input["all"] === true ? "all messages" : "messages";
  const isMany = input["all"] === true || input["before"] !== undefined;
  const question = `Remove ${what} from the history of ${String(input["room"])}, for good?`;
  if (isMany && input["room"] !== undefined) await confirm(terminal, flags["yes"] === true, question);
  return call(input);
}

async function purgePages({ input, call }: Interaction<Purged>): Promise<Purged> {
  let page = await call(input);
  const rooms = [...page.rooms];
  while (page.next !== null) {
    page = await call({ ...input, ...page.next });
    rooms.push(...page.rooms);
  }
  return { ...page, rooms };
}

function render({ room, messages, wasGone = false, rooms, isDone }: Purged, style: Style): string {
  if (room !== null && wasGone) return `The message had been removed from the history of ${style.bold(room)} already.`;
  if (room !== null) return `Removed ${plural(messages, "message")} from the history of ${style.bold(room)}.`;
  if (rooms.length === 0) return "No room has been unused for so long.";
  const list = roomTable(rooms, "", style);
  const count = plural(rooms.length, "room");
  const verdict = isDone ? `Destroyed ${count}.` : `${count} would be destroyed; --yes does it.`;
  return `${list}\n${verdict}`;
}
