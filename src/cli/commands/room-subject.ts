// rookery room subject: shows or sets the subject of a room.
import type { RoomSubject } from "../../extension/room-facts.js";
import { command } from "../command.js";
import { field } from "../field.js";
import { roomField, roomNamed } from "../rooms.js";
import { date, oneLine, printable } from "../style.js";

interface Shown {
  readonly room: string;
  readonly subject: RoomSubject | null;
  readonly isChanged: boolean;
}

const fields = { room: roomField, text: field.optional(field.text("the new subject; '' for none")) };

export const roomSubject = command<Shown, typeof fields>({
  name: "room subject",
  sentence: "Shows the subject of a room, or sets it.",
  details: "Example: rookery room subject garden@rooms.verona.example 'Roses, and other names'",
  place: "server",
  fields,
  positional: ["room", "text"],
  async run(context, { room, text }) {
    const { rooms, jid } = roomNamed(context, room);
    if (text !== undefined) await rooms.setSubject(jid, text);
    return { room: jid.toString(), subject: (await rooms.subject(jid)) ?? null, isChanged: text !== undefined };
  },
  render({ room, subject, isChanged }, style) {
    const text = subject === null || subject.text === "" ? undefined : style.bold(printable(subject.text));
    if (isChanged) return text === undefined ? `${room} has no subject now.` : `The subject of ${room} is now: ${text}`;
    if (subject === null || text === undefined) return `${room} has no subject.`;
    return `${text}\n${style.dim(`set by ${oneLine(subject.by) || "the room itself"} at ${date(subject.at)}`)}`;
  },
});
