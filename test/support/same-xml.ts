// Compares elements as XML means them: order of attributes, quotes and prefixes don't count; {any} stands for any value.
import assert from "node:assert/strict";
import { Element } from "../../src/xml/element.js";
import { parseElement } from "../../src/xml/parse-element.js";

const wildcard = "{any}";

/** An element of text; without an xmlns it is in jabber:client. */
export function elementOf(source: Element | string): Element {
  if (source instanceof Element) return source;
  const element = parseElement(source.trim().replace(/>\s+</g, "><"));
  if (element.attrs["xmlns"] === undefined && !element.name.includes(":")) element.attrs["xmlns"] = "jabber:client";
  return element;
}

/**
 * Fails, showing the difference, unless both are the same. In `expected` an attribute or text may be {any}, which must be
 * there but may be anything; {any} as the only content of an element stands for any content, none included.
 */
export function assertSame(actual: Element, expected: Element | string): void {
  const [wanted, found] = [linesOf(elementOf(expected)), linesOf(actual, elementOf(expected))];
  assert.equal(found, wanted);
}

/** One element a line; where `model` has a wildcard, so has this. */
function linesOf(element: Element, model?: Element, indent = ""): string {
  const start = `${indent}<${element.getName()}${attributesOf(element, model)}>`;
  if (model !== undefined && isWild(model)) return `${start}${wildcard}`;
  const models = childrenOf(model);
  const children = childrenOf(element).map((child, index) => {
    const matching = models[index];
    if (typeof child !== "string")
      return linesOf(child, matching instanceof Element ? matching : undefined, `${indent}  `);
    return `${indent}  ${JSON.stringify(matching === wildcard ? wildcard : child)}`;
  });
  return isWild(element) ? `${start}${wildcard}` : [start, ...children].join("\n");
}

function attributesOf(element: Element, model: Element | undefined): string {
  const attributes = Object.entries(element.attrs as Record<string, string>).filter(
    ([name]) => !/^xmlns(:|$)/.test(name),
  );
  const written = attributes.map(([name, value]) => {
    return ` ${name}='${model?.attrs[name] === wildcard ? wildcard : value}'`;
  });
  return ` xmlns='${element.getNS() ?? ""}'${written.sort().join("")}`;
}

function childrenOf(element: Element | undefined): readonly (Element | string)[] {
  const children = element?.children ?? [];
  return children.map((child) => (child instanceof Element ? child : String(child)));
}

function isWild(element: Element): boolean {
  return element.children.length === 1 && element.children[0] === wildcard;
}
