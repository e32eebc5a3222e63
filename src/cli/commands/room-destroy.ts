// rookery room destroy: the end of a room.
import { confirm } from "../ask.js";
import { command } from "../command.js";
import { field } from "../field.js";
import { roomBeside, roomField, roomNamed } from "../rooms.js";
import { plural } from "../style.js";

interface Destroyed {
  readonly address: string;
  /** Who were put out. */
  readonly occupants: number;
}

const fields = {
  room: roomField,
  reason: field.optional(field.text("why, in words for those who are in it")),
  venue: field.optional(
    field.text("address of the room to which everybody should go, anywhere; or its name for one at the same domain"),
  ),
};

export const roomDestroy = command<Destroyed, typeof fields>({
  name: "room destroy",
  sentence: "Removes a room with its history and its lists, for good.",
  details: "Example: rookery room destroy garden@rooms.verona.example --venue orchard",
  place: "server",
  fields,
  positional: ["room"],
  localOptions: [{ flags: "-y, --yes", sentence: "don't ask whether this is meant" }],
  async run(context, { room, reason, venue }) {
    const { rooms, jid } = roomNamed(context, room);
    const end = { reason, venue: venue === undefined ? undefined : roomBeside(jid, venue) };
    return { address: jid.toString(), occupants: await rooms.destroy(jid, end) };
  },
  async interact({ terminal, flags, input, call }) {
    const room = fields.room.read(input["room"]);
    await confirm(
      terminal,
      flags["yes"] === true,
      `Destroy ${room} with its history, its members and all else it has?`,
    );
    return call(input);
  },
  render: ({ address, occupants }, style) =>
    `Destroyed ${style.bold(address)}.${occupants === 0 ? "" : ` ${plural(occupants, "occupant")} had to leave.`}`,
});
