// rookery room create: makes a room that is there before anybody has entered it.
import type { RoomDetails } from "../../extension/room-facts.js";
import type { Jid } from "../../jid/jid.js";
import { command } from "../command.js";
import { type CommandContext, keyOf } from "../context.js";
import { refuse } from "../failure.js";
import { field } from "../field.js";
import { passwordOption, roomField, roomNamed, settingsHelp, settingsOf } from "../rooms.js";

const fields = {
  room: roomField,
  settings: field.settings("how to configure it, where it is to differ from other rooms"),
  owner: field.account("address of the owner"),
};

export const roomCreate = command<RoomDetails, typeof fields>({
  name: "room create",
  sentence: "Creates a persistent room, with nobody in it yet.",
  details: `${settingsHelp}
Example: rookery room create garden@rooms.verona.example --owner juliet@verona.example membersonly=yes 'name=The garden'`,
  place: "server",
  fields,
  positional: ["room", "settings"],
  localOptions: [passwordOption],
  async run(context, { room, owner, settings }) {
    const { rooms, jid } = roomNamed(context, room);
    await requireAccount(context, owner);
    return rooms.create(jid, owner, settings);
  },
  async interact(interaction) {
    return interaction.call({ ...interaction.input, settings: await settingsOf(interaction) });
  },
  render: ({ address, owners }, style) => `Created ${style.bold(address)}; its owner is ${owners.join(", ")}.`,
});

/** Owners may be users of other servers; of ours they must be there. */
async function requireAccount(context: CommandContext, owner: Jid): Promise<void> {
  if (!context.hosts.includes(owner.domain)) return;
  if ((await context.accounts.show(keyOf(context, owner))) !== undefined) return;
  refuse(`There is no account ${owner.toString()}. Create it with: rookery user create ${owner.toString()}`);
}
