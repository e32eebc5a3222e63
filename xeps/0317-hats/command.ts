// The two kinds of commands that there are: those that show a form and do what it says, and those that show a table.
import { type Element, StanzaError } from "../../src/extension/index.js";
import { isAdministrator, type Room, type RoomIqRequest } from "../0045-multi-user-chat/index.js";
import type { FormValues } from "../payloads/0004-data-forms.js";
import { commandElement, commandError, type CommandRequest } from "../payloads/0050-ad-hoc-commands.js";
import { answersOf } from "./forms.js";

export type Asker = Pick<RoomIqRequest, "room" | "affiliation" | "occupant">;

export interface HatCommand {
  readonly node: string;
  /** As it stands in lists of commands. */
  readonly name: string;
  mayUse(asker: Asker): boolean;
  execute(command: CommandRequest, request: RoomIqRequest): Element | Promise<Element>;
}

/** Hats are managed by admins and owners. */
export function mayManage({ affiliation }: Asker): boolean {
  return isAdministrator(affiliation);
}

/** Whoever sees hats may know which there are. */
export function isOfRoom({ affiliation, occupant }: Asker): boolean {
  return occupant !== undefined || (affiliation !== "none" && affiliation !== "outcast");
}

/** `apply` resolves when what it has changed is on disk; it refuses by throwing. */
export function formCommand(
  name: string,
  words: string,
  form: (room: Room) => Element,
  apply: (values: FormValues, request: RoomIqRequest) => Promise<void>,
): HatCommand {
  return {
    node: nodeOf(name),
    name: words,
    mayUse: mayManage,
    async execute(command, request) {
      // §3.3: a client that knows what it wants sends the answer at once; nothing is kept between form and answer
      if (command.form === undefined) {
        if (command.session === undefined) return commandElement(command, "executing", form(request.room));
        throw commandError("bad-payload", "The form is missing.");
      }
      await apply(answersOf(command.form), request);
      return commandElement(command, "completed");
    },
  };
}

export function tableCommand(
  name: string,
  words: string,
  mayUse: (asker: Asker) => boolean,
  table: (room: Room) => Element,
): HatCommand {
  const execute: HatCommand["execute"] = (command, { room }) => commandElement(command, "completed", table(room));
  return { node: nodeOf(name), name: words, mayUse, execute };
}

export function requireMayUse(command: HatCommand, asker: Asker): void {
  if (!command.mayUse(asker)) throw new StanzaError("forbidden");
}

function nodeOf(name: string): string {
  return `urn:xmpp:hats:commands:${name}`;
}
