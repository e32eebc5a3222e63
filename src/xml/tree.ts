// Builds the element tree of source text that the scanner has found to be well-formed.
import { Element } from "./element.js";
import { unescapeText, unescapeValue } from "./reference.js";

const ATTRIBUTE = /([^\s=/>]+)\s*=\s*(?:'([^']*)'|"([^"]*)")/g;
const TAG_END = /(?:[^'">]|'[^']*'|"[^"]*")*>/g;

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
    if (source.startsWith("</", markup)) {
      index = source.indexOf(">", markup) + 1;
      current = current.parent ?? current;
    } else if (source.startsWith("<!", markup)) {
      const end = source.indexOf("]]>", markup);
      appendText(current, source.slice(markup + "<![CDATA[".length, end).replace(/\r\n?/g, "\n"));
      index = end + "]]>".length;
    } else {
      TAG_END.lastIndex = markup + 1;
      TAG_END.test(source);
      index = TAG_END.lastIndex;
      const child = current.cnode(elementOfTag(source.slice(markup + 1, index - 1)));
      if (source[index - 2] !== "/") current = child;
    }
  }
}

function appendText(element: Element, text: string): void {
  const last = element.children.at(-1);
  if (typeof last === "string") element.children[element.children.length - 1] = last + text;
  else if (text !== "") element.t(text);
}

/** The element of a start tag without its angle brackets. */
function elementOfTag(tag: string): Element {
  const [name] = /^[^\s/]+/.exec(tag) ?? [tag];
  const element = new Element(name);
  for (const [, key = "", single, double = ""] of tag.slice(name.length).matchAll(ATTRIBUTE)) {
    setAttribute(element, key, unescapeValue(single ?? double));
  }
  return element;
}
