// rookery room configure: changes what the owners of a room can change.
import type { RoomDetails } from "../../extension/room-facts.js";
import { command } from "../command.js";
import { misused } from "../failure.js";
import { field } from "../field.js";
import { passwordOption, renderSettings, roomField, roomNamed, settingsHelp, settingsOf } from "../rooms.js";

const fields = { room: roomField, settings: field.settings("what to change") };

export const roomConfigure = command<RoomDetails, typeof fields>({
  name: "room configure",
  sentence: "Changes the configuration of a room; those who are in it are told.",
  details: `${settingsHelp} Nothing behind the = takes a value away.
Example: rookery room configure garden@rooms.verona.example moderated=yes secret=`,
  place: "server",
  fields,
  positional: ["room", "settings"],
  localOptions: [passwordOption],
  async run(context, { room, settings }) {
    const { rooms, jid } = roomNamed(context, room);
    if (settings.size === 0)
      misused(`What is to change? Write it as NAME=VALUE; rookery room show ${room} has the names.`);
    return rooms.configure(jid, settings);
  },
  async interact(interaction) {
    return interaction.call({ ...interaction.input, settings: await settingsOf(interaction) });
  },
  render: (room, style) => `Configured ${style.bold(room.address)}.\n${renderSettings(room, style)}`,
});
