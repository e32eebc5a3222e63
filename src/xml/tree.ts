// Builds the element tree of source text that the scanner has found to be well-formed.
import type { Element } from "./element.js";
import { StrictElement } from "./element.js";
import { unescapeText, unescapeValue } from "./reference.js";

const SPACE = 0x20;
const EXCLAMATION = 0x21;
const SLASH = 0x2f;
const EQUALS = 0x3d;
const GREATER = 0x3e;

/** An element with the attributes that `rest`, the validated end of a start tag, says. */
export function newElement(name: string, rest: string): Element {
  const element = new StrictElement(name);
  readAttributes(element, rest, 0);
  return element;
}

/** Sets an attribute, `__proto__` like any other. */
export function setAttribute(element: Element, name: string, value: string): void {
  const attributes = element.attrs as Record<string, string>;
  if (name !== "__proto__") attributes[name] = value;
  else Object.defineProperty(attributes, name, { value, enumerable: true, configurable: true, writable: true });
}

/** Appends what `source`, the validated content of an element, says to `parent`. */
export function appendContent(parent: Element, source: string): void {
  let current = parent;
  let index = 0;
  while (index < source.length) {
    const markup = source.indexOf("<", index);
    if (markup < 0) return appendText(current, unescapeText(source.slice(index)));
    if (markup > index) appendText(current, unescapeText(source.slice(index, markup)));
    const next = source.charCodeAt(markup + 1);
    if (next === SLASH) {
      index = source.indexOf(">", markup) + 1;
      current = current.parent ?? current;
    } else if (next === EXCLAMATION) {
      const end = source.indexOf("]]>", markup);
      appendText(current, source.slice(markup + "<![CDATA[".length, end).replace(/\r\n?/g, "\n"));
      index = end + "]]>".length;
    } else {
      const nameEnd = endOfName(source, markup + 1);
      const child = new StrictElement(source.slice(markup + 1, nameEnd));
      current.cnode(child);
      index = readAttributes(child, source, nameEnd);
      if (source.charCodeAt(index - 2) !== SLASH) current = child;
    }
  }
}

function appendText(element: Element, text: string): void {
  const last = element.children.at(-1);
  if (typeof last === "string") element.children[element.children.length - 1] = last + text;
  else if (text !== "") element.t(text);
}

/** The end of the name at `start`: the next white space, `/`, `=` or `>`. */
function endOfName(source: string, start: number): number {
  let index = start;
  for (; index < source.length; index++) {
    const code = source.charCodeAt(index);
    if (code <= SPACE || code === SLASH || code === EQUALS || code === GREATER) break;
  }
  return index;
}

/** Reads the attributes that follow a tag's name; answers the index after `>`. */
function readAttributes(element: Element, source: string, from: number): number {
  let index = from;
  for (;;) {
    const start = skipWhite(source, index);
    const code = source.charCodeAt(start);
    if (code === GREATER) return start + 1;
    if (code === SLASH) return start + 2;
    const nameEnd = endOfName(source, start);
    const quote = skipWhite(source, source.indexOf("=", nameEnd) + 1);
    const end = source.indexOf(source.charAt(quote), quote + 1);
    setAttribute(element, source.slice(start, nameEnd), unescapeValue(source.slice(quote + 1, end)));
    index = end + 1;
  }
}

function skipWhite(source: string, from: number): number {
  let index = from;
  while (source.charCodeAt(index) <= SPACE) index++;
  return index;
}
