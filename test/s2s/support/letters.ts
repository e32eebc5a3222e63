// Stanzas as they come to federation from a user of ours, told apart by their ids.
import { parseStanza } from "../../../src/stanza/parse-stanza.js";
import type { Stanza, StanzaKind } from "../../../src/stanza/stanza.js";

interface Wishes {
  readonly kind?: StanzaKind;
  readonly type?: string;
  readonly from?: string;
  readonly to?: string;
  readonly content?: string;
}

/** Romeo's, to Juliet; a message unless said. */
export function letter(id: number | string, wishes: Wishes = {}): Stanza {
  const { kind = "message", type, from = "romeo@mantua.example/orchard", to = "juliet@verona.example" } = wishes;
  const content = wishes.content ?? (kind === "iq" ? "<ping xmlns='urn:xmpp:ping'/>" : "<body>Ay me</body>");
  const how = type === undefined ? "" : ` type='${type}'`;
  return parseStanza(`<${kind} xmlns='jabber:client' from='${from}' to='${to}' id='${id}'${how}>${content}</${kind}>`);
}

export function idsOf(stanzas: Iterable<Stanza>): (string | undefined)[] {
  return Array.from(stanzas, ({ id }) => id);
}
