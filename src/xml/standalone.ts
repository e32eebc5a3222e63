// An element cut out of its stanza so that it can be kept: it declares all that it needs itself.
import type { Element } from "./element.js";
import { parseElement } from "./parse-element.js";
import { setAttribute } from "./tree.js";

/** A copy without a parent, with every namespace declaration in whose scope the original stands. */
export function standalone(element: Element): Element {
  const copy = parseElement(element.toString());
  for (let above = element.parent; above !== null; above = above.parent) {
    for (const [name, value] of Object.entries(above.attrs)) {
      const isDeclaration = name === "xmlns" || name.startsWith("xmlns:");
      if (isDeclaration && !Object.hasOwn(copy.attrs, name)) setAttribute(copy, name, String(value));
    }
  }
  return copy;
}
