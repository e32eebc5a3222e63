// rookery room history: what was said in a room.
import type { RoomMessageText } from "../../extension/room-facts.js";
import { command } from "../command.js";
import { misused } from "../failure.js";
import { field } from "../field.js";
import { roomField, roomNamed } from "../rooms.js";
import { date, oneLine, printable, type Style } from "../style.js";

interface Read {
  readonly messages: readonly RoomMessageText[];
  readonly hasIds: boolean;
}

const usual = 20;
/** Messages of one answer; they may be long. */
const most = 500;

const fields = {
  room: roomField,
  last: field.optional(field.count(`how many messages (default: ${usual}, at most ${most})`)),
  before: field.optional(field.text("those before the message with this id")),
  ids: field.flag("show the ids of the messages"),
};

export const roomHistory = command<Read, typeof fields>({
  name: "room history",
  sentence: "Shows the last messages of a room: when, who, what.",
  details: "With --json they are whole, as XML.\nExample: rookery room history garden@rooms.verona.example --last 100",
  place: "server",
  fields,
  positional: ["room"],
  async run(context, { room, last = usual, before, ids }) {
    const { rooms, jid } = roomNamed(context, room);
    if (last > most) misused(`At most ${most} messages at once; --before ID goes on from there.`);
    return { messages: await rooms.history(jid, last, before), hasIds: ids };
  },
  render({ messages, hasIds }, style) {
    if (messages.length === 0) return "There are no messages.";
    return messages.map((message) => line(message, hasIds, style)).join("\n");
  },
});

function line({ id, at, from, text, isTakenBack }: RoomMessageText, hasId: boolean, style: Style): string {
  const words = printable(text).replaceAll("\n", "\n    ") || style.dim("(no text)");
  const what = isTakenBack ? style.dim("(taken back)") : words;
  return `${style.dim(`${date(at)}${hasId ? ` ${id}` : ""}`)}  ${style.bold(oneLine(from) || "(the room)")}: ${what}`;
}
