// Actions of external components (XEP-0114).
import { createHash } from "node:crypto";
import { describe } from "../client/connection.js";
import { componentHeader } from "../client/server-stream.js";
import { NS, serialize } from "../xml/element.js";
import type { Action, Cue } from "./action.js";
import { connectTo } from "./lines.js";

export const componentActions: readonly Action[] = [
  [/^joins$/, joins],
  [/^shakes hands(?: with (.+))?$/, shakesHands],
  [/^receives the handshake$/, receivesTheHandshake],
];

/** Connects and shakes hands with the secret that the server knows. */
async function joins(cue: Cue): Promise<void> {
  const { actor, stage } = cue;
  await connectTo(stage, actor);
  actor.connection.send(componentHeader(actor.account.domain));
  const header = await actor.connection.next();
  if (header.kind !== "header") throw new Error(`expected a stream header, but came ${describe(header)}`);
  stage.opened(actor, header.element);
  shakesHands({ ...cue, words: [] });
  await receivesTheHandshake(cue);
}

/** The SHA-1 of the stream's id and the secret, in hexadecimal (§3, step 3). */
function shakesHands({ actor, stage, words }: Cue): void {
  const secret = words[0] ?? stage.federation.components?.secret ?? "";
  const hash = createHash("sha1").update(`${actor.streamId ?? ""}${secret}`);
  actor.connection.send(`<handshake>${hash.digest("hex")}</handshake>`);
}

async function receivesTheHandshake({ actor }: Cue): Promise<void> {
  const element = await actor.connection.nextElement();
  if (element.name !== "handshake" || element.namespace !== NS.component) {
    throw new Error(`expected <handshake/>, but came ${serialize(element, NS.component)}`);
  }
  actor.isTrusted = true;
}
