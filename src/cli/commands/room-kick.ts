// rookery room kick: puts somebody out of a room, who may come back.
import { command } from "../command.js";
import { field } from "../field.js";
import { roomField, roomNamed } from "../rooms.js";
import { oneLine } from "../style.js";

interface Kicked {
  readonly nick: string;
  readonly room: string;
  readonly addresses: readonly string[];
}

const fields = {
  room: roomField,
  nick: field.text("nickname of the occupant"),
  reason: field.optional(field.text("why, in words for the room")),
};

export const roomKick = command<Kicked, typeof fields>({
  name: "room kick",
  sentence: "Puts an occupant out of a room, who may come back.",
  details: `To keep somebody out: rookery room affiliate ROOM ADDRESS outcast
Example: rookery room kick garden@rooms.verona.example Tybalt --reason 'Put up your sword.'`,
  place: "server",
  fields,
  positional: ["room", "nick"],
  async run(context, { room, nick, reason }) {
    const { rooms, jid } = roomNamed(context, room);
    return { nick, room: jid.toString(), addresses: await rooms.kick(jid, nick, reason) };
  },
  render: ({ nick, room, addresses }, style) =>
    `Put ${style.bold(oneLine(nick))} (${oneLine(addresses.join(", "))}) out of ${room}.`,
});
