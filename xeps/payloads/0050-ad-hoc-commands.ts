// XEP-0050: Ad-Hoc Commands, version 1.3.0 <https://xmpp.org/extensions/xep-0050.html>
import { attributeOf, type Element, StanzaError, xml } from "../../src/extension/index.js";
import { formIn } from "./0004-data-forms.js";

export const COMMANDS = "http://jabber.org/protocol/commands";

export type CommandAction = "execute" | "cancel" | "prev" | "next" | "complete";

/** A requester's <command/>. */
export interface CommandRequest {
  readonly node: string;
  readonly action: CommandAction;
  /** Of a command that is under way; undefined at its start. */
  readonly session: string | undefined;
  /** What was filled in. */
  readonly form: Element | undefined;
}

export type CommandStatus = "executing" | "completed" | "canceled";

/** The conditions of §4.4 that go with <bad-request/>. */
export type CommandProblem = "malformed-action" | "bad-action" | "bad-locale" | "bad-payload" | "bad-sessionid";

const actions: readonly string[] = ["execute", "cancel", "prev", "next", "complete"];
/** Characters of a session's id that is sent back as it came. */
const longestSession = 200;

/**
 * Reads a <command/>.
 * @throws StanzaError bad-request
 */
export function commandIn(command: Element): CommandRequest {
  const node = attributeOf(command, "node");
  if (node === undefined) throw new StanzaError("bad-request", { text: "The command's node is missing." });
  const action = attributeOf(command, "action") ?? "execute";
  if (!isAction(action)) throw commandError("malformed-action");
  const session = attributeOf(command, "sessionid");
  if (session !== undefined && (session === "" || session.length > longestSession)) throw commandError("bad-sessionid");
  // §3.5.1: "Responders SHOULD consider any <x type='cancel'/> to be <x type='submit'/>"
  return { node, action, session, form: formIn(command, "submit") ?? formIn(command, "cancel") };
}

/** A responder's <command/>. One that is being executed can be completed by what the payload asks for, and by that only. */
export function commandElement(
  { node, session }: Pick<CommandRequest, "node" | "session">,
  status: CommandStatus,
  ...payload: readonly Element[]
): Element {
  const next = status === "executing" && xml("actions", { execute: "complete" }, xml("complete"));
  const sessionid = session ?? crypto.randomUUID();
  return xml("command", { xmlns: COMMANDS, node, sessionid, status }, next, ...payload);
}

export function commandError(problem: CommandProblem, text?: string): StanzaError {
  const application = `<${problem} xmlns='${COMMANDS}'/>`;
  return new StanzaError("bad-request", text === undefined ? { application } : { application, text });
}

function isAction(text: string): text is CommandAction {
  return actions.includes(text);
}
