// What the commands about rooms have in common: which room is meant, how one is shown, secrets that stay out of arguments.
import type { RoomDetails } from "../extension/room-facts.js";
import type { RoomOperations } from "../extension/room-operations.js";
import type { Jid } from "../jid/jid.js";
import { obtainPassword } from "./ask.js";
import type { Interaction, LocalOption } from "./command.js";
import { type CommandContext, serverOf } from "./context.js";
import { misused, refuse } from "./failure.js";
import { field } from "./field.js";
import { date, oneLine, plural, type Style, table } from "./style.js";

/** NAME@DOMAIN; NAME alone where the server has rooms at one domain only. */
export const roomField = field.text("address of the room, or its name where there is one domain with rooms only");

export interface NamedRoom {
  readonly rooms: RoomOperations;
  readonly jid: Jid;
}

/** Refuses what can't be a room here, and says what can. */
export function roomNamed(context: CommandContext, text: string): NamedRoom {
  const services = servicesOf(context);
  const domains = services.map(({ domain }) => domain).join(", ");
  const [only, ...others] = services;
  const isName = !text.includes("@");
  if (isName && others.length > 0) misused(`Say where ${text} is: ${text}@DOMAIN. There are rooms at: ${domains}.`);
  const jid = field.address("").read(isName ? `${text}@${only?.domain ?? ""}` : text);
  if (!jid.isBare) misused(`The address of a room has no nickname: ${jid.bare.toString()}`);
  const rooms = services.find(({ domain }) => domain === jid.domain);
  return rooms === undefined
    ? refuse(`There are no rooms at ${jid.domain}. There are at: ${domains}.`)
    : { rooms, jid };
}

/** A room anywhere, also one that is not there yet; its name alone stands for one where the other room is. */
export function roomBeside({ domain }: Jid, text: string): Jid {
  return field.account("").read(text.includes("@") ? text : `${text}@${domain}`);
}

/** All, or those of one host, by its own name or by that of its rooms. */
export function servicesOf(context: CommandContext, domain?: string): readonly RoomOperations[] {
  const { rooms } = serverOf(context);
  if (rooms.length === 0) refuse("This server has no rooms: the extension rooms is off, in [extensions.rooms].");
  const wanted = rooms.filter((each) => domain === undefined || each.domain === domain || each.host === domain);
  const domains = rooms.map((each) => each.domain).join(", ");
  return wanted.length > 0 ? wanted : refuse(`There are no rooms at ${domain ?? ""}. There are at: ${domains}.`);
}

export const passwordOption: LocalOption = {
  flags: "--password-stdin",
  sentence: "read the room's password from the first line of standard input",
};

/** The settings of a command line, with the password among them that is never one of its arguments. */
export async function settingsOf({ terminal, flags, input }: Interaction<unknown>): Promise<readonly unknown[]> {
  const given: readonly unknown[] = Array.isArray(input["settings"]) ? input["settings"] : [];
  const isPassword = (each: unknown): boolean =>
    typeof each === "string" && /^(?:muc#roomconfig_)?(?:room)?secret=./.test(each);
  if (given.some(isPassword))
    misused("Others can see the arguments of a program: give the password by --password-stdin.");
  if (flags["passwordStdin"] !== true) return given;
  const { password } = await obtainPassword(terminal, flags, "the room");
  // What should have written it has failed, perhaps: the room must not be open for that.
  if (password.trim() === "") misused("There is no password on standard input; secret= takes the room's away.");
  return [...given, `secret=${password}`];
}

export const settingsHelp = `Settings are those of the form that owners see in their clients: rookery room show lists them.
Yes and no, numbers and texts stand as they are; lists have commas: getmemberlist=moderator,participant`;

export function renderRoom(room: RoomDetails, style: Style): string {
  return [
    `${style.bold(room.address)}${room.isLocked ? style.warning("  being made, not configured yet") : ""}`,
    `Kind:        ${room.isPersistent ? "persistent" : "temporary"}, ${room.isPublic ? "public" : "hidden"}`,
    `Occupants:   ${room.occupants}`,
    `Subject:     ${oneLine(room.subject) || style.dim("none")}`,
    `Owners:      ${room.owners.join(", ") || style.warning("none")}`,
    `Others:      ${plural(room.admins, "admin")}, ${plural(room.members, "member")}, ${plural(room.outcasts, "outcast")}`,
    `History:     ${plural(room.messages, "message")}`,
    `Created:     ${date(room.createdAt)}`,
    `Last used:   ${room.occupants > 0 ? "now" : date(room.lastUsedAt)}`,
    renderSettings(room, style),
  ].join("\n");
}

export function renderSettings({ settings }: RoomDetails, style: Style): string {
  const rows = settings.map(({ name, sentence, values }) => [
    name,
    oneLine(values.join(", ")) || style.dim("–"),
    style.dim(sentence),
  ]);
  return table(["SETTING", "VALUE", "MEANING"], rows, "", style);
}
