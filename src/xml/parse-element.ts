// An element tree of text that this server has written or checked itself.
import { Element } from "./element.js";
import { appendContent } from "./tree.js";

/** The tree of exactly one well-formed element. */
export function parseElement(text: string): Element {
  const holder = new Element("holder");
  appendContent(holder, text);
  const element = holder.children[0];
  if (!(element instanceof Element)) throw new Error("The text is no element.");
  element.parent = null;
  return element;
}
