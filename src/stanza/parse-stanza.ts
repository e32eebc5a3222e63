// A stanza that was kept as text, as a stanza again.
import { Jid } from "../jid/jid.js";
import { readFrame } from "../xml/frame.js";
import type { ReaderLimits } from "../xml/limits.js";
import { Stanza, type StanzaKind } from "./stanza.js";

/** It was judged when it came in, so nothing is refused now. */
const limits: ReaderLimits = { stanzaBytes: Infinity, depth: Infinity, attributes: Infinity, nameLength: Infinity };

/**
 * Reads what `toXml("jabber:client")` wrote.
 * @throws Error when the text is something else
 */
export function parseStanza(text: string): Stanza {
  const fragment = readFrame(text, limits);
  if (!isKind(fragment.name)) throw new Error(`A stanza was expected, not <${fragment.name}/>.`);
  return Stanza.received(fragment.name, fragment, addressOf(fragment.to), addressOf(fragment.from));
}

function isKind(name: string): name is StanzaKind {
  return name === "message" || name === "presence" || name === "iq";
}

function addressOf(text: string | undefined): Jid | undefined {
  return text === undefined ? undefined : Jid.parse(text);
}
