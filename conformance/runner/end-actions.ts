// Actions about how streams end: errors, end tags, and the connection.
import { describe } from "../client/connection.js";
import { match } from "../scene/match.js";
import { elementsIn, NS, serialize } from "../xml/element.js";
import type { Action, Cue } from "./action.js";

export const endActions: readonly Action[] = [
  [/^receives stream error$/, receivesStreamError],
  [/^closes the stream$/, closesTheStream],
  [/^sees the stream closed$/, seesTheStreamClosed],
  [/^sees the connection closed$/, seesTheConnectionClosed],
  [/^sees the end$/, seesTheEnd],
  [/^sees the end or SASL failure$/, seesTheEndOrFailure],
  [/^sees the end without$/, seesTheEndWithout],
];

/** One of the conditions named, separated by `or`; without any, whatever condition. */
async function receivesStreamError({ actor, step }: Cue): Promise<void> {
  const element = await actor.connection.nextElement();
  if (element.name !== "error" || element.namespace !== NS.stream) {
    throw new Error(`expected a stream error, but came ${serialize(element)}`);
  }
  actor.isTrusted = false;
  const condition = elementsIn(element).find(({ namespace }) => namespace === NS.streams)?.name;
  const allowed = step.argument.split(/\s+or\s+/);
  if (step.argument !== "" && !allowed.includes(condition ?? "")) {
    throw new Error(`expected the stream error ${step.argument}, but came ${serialize(element)}`);
  }
}

function closesTheStream({ actor: { connection } }: Cue): void {
  connection.send(connection.wire.isFramed ? `<close xmlns='${NS.framing}'/>` : "</stream:stream>");
}

async function seesTheStreamClosed({ actor }: Cue): Promise<void> {
  const event = await actor.connection.next();
  if (event.kind !== "stream-end") throw new Error(`expected the end of the stream, but came ${describe(event)}`);
  actor.isTrusted = false;
}

async function seesTheConnectionClosed({ actor }: Cue): Promise<void> {
  const event = await actor.connection.next();
  if (event.kind !== "connection-end")
    throw new Error(`expected the end of the connection, but came ${describe(event)}`);
  actor.isConnected = actor.isTrusted = false;
}

/** A stream error, the end of the stream or the end of the connection, whatever comes first. */
async function seesTheEnd({ actor }: Cue): Promise<void> {
  const event = await actor.connection.next();
  const isError = event.kind === "element" && event.element.name === "error" && event.element.namespace === NS.stream;
  if (event.kind === "rubbish" || event.kind === "header" || (event.kind === "element" && !isError)) {
    throw new Error(`expected the end, but came ${describe(event)}`);
  }
}

/** For clauses that leave it open how somebody is refused. */
async function seesTheEndOrFailure({ actor }: Cue): Promise<void> {
  for (;;) {
    const event = await actor.connection.next();
    const element = event.kind === "element" ? event.element : undefined;
    if (element?.name === "success") throw new Error(`expected a refusal, but came ${describe(event)}`);
    if (event.kind === "stream-end" || event.kind === "connection-end" || element?.name === "failure") return;
  }
}

/** Whatever comes before the end of the stream or connection, these elements may not. */
async function seesTheEndWithout({ actor, stage, step }: Cue): Promise<void> {
  const forbidden = stage.elements(step.block, actor.contentNamespace);
  for (;;) {
    const event = await actor.connection.next();
    if (event.kind === "stream-end" || event.kind === "connection-end") return;
    const isForbidden = event.kind === "element" && forbidden.some((one) => "captures" in match(one, event.element));
    if (isForbidden) throw new Error(`there came ${describe(event)}`);
  }
}
