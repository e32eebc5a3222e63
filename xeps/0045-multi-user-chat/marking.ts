// What a room adds to the text of a stanza: made into text once, for many stanzas and many copies.
import { buildStanza, type Element, Stanza } from "../../src/extension/index.js";

/** Elements as the text that they are sent as. */
export type Marking = Pick<Stanza["body"], "content" | "children" | "isAscii">;

export function markingOf(elements: readonly Element[]): Marking {
  return buildStanza("message", {}, ...elements).body;
}

export const noMarking = markingOf([]);

/** The stanza with the elements behind its own, as from this address and addressed to nobody yet. */
export function marked(
  stanza: Stanza,
  { from, type, id }: Pick<Stanza, "from" | "type" | "id">,
  ...markings: readonly Marking[]
): Stanza {
  let { content, children, isAscii } = stanza.body;
  for (const marking of markings) {
    content += marking.content;
    children = [...children, ...marking.children];
    isAscii &&= marking.isAscii;
  }
  return new Stanza(undefined, from, { ...stanza.body, type, id, content, children, isAscii });
}
