// rookery room show: what is known of a room.
import type { RoomDetails } from "../../extension/room-facts.js";
import { command } from "../command.js";
import { renderRoom, roomField, roomNamed } from "../rooms.js";

const fields = { room: roomField };

export const roomShow = command<RoomDetails, typeof fields>({
  name: "room show",
  sentence: "Shows a room: what it is, who owns it, how it is configured.",
  details: "Example: rookery room show garden@rooms.verona.example",
  place: "server",
  fields,
  positional: ["room"],
  async run(context, { room }) {
    const { rooms, jid } = roomNamed(context, room);
    return rooms.show(jid);
  },
  render: renderRoom,
});
