// Element trees as handlers see them: the element type of @xmpp/xml, a builder and a serialiser with exact types.
import { Element, escapeXML, escapeXMLText, unescapeXML, unescapeXMLText } from "@xmpp/xml";
import { escapeAttribute, escapeText } from "./escape.js";
import { NAMESPACES } from "./namespaces.js";

export { Element, escapeXML, escapeXMLText, unescapeXML, unescapeXMLText };

/** What may stand inside an element: elements, text, and lists of both; nothing where a value is absent. */
export type Child = Element | string | number | boolean | null | undefined | readonly Child[];

/** Attribute values by name (`xmlns` among them); absent ones are left out. */
export type Attributes = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** An element that inherits namespaces as XML says (`xmlns=''`, the prefix xml) and is written without any loss. */
export class StrictElement extends Element {
  override findNS(prefix?: string): string | undefined {
    const declared: unknown = this.attrs[prefix ? `xmlns:${prefix}` : "xmlns"];
    if (typeof declared === "string") return declared;
    return prefix === "xml" ? NAMESPACES.xml : this.parent?.findNS(prefix);
  }

  override toString(): string {
    return serialise(this);
  }
}

/** Builds an element: `xml("body", {}, "Wherefore art thou")`. Absent attributes and children are left out. */
export function xml(name: string, attributes: Attributes | null = null, ...children: Child[]): Element {
  const element = new StrictElement(name);
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (value !== undefined && value !== null) element.attrs[key] = String(value);
  }
  append(element, children);
  return element;
}

function append(element: Element, children: readonly Child[]): void {
  for (const child of children) {
    if (isList(child)) append(element, child);
    else if (child instanceof Element) element.cnode(child);
    else if (typeof child === "number" || (typeof child === "string" && child !== "")) element.t(String(child));
  }
}

function isList(child: Child): child is readonly Child[] {
  return Array.isArray(child);
}

/** The XML text of an element, as it goes over the wire: read again it is the same. */
export function serialise(element: Element): string {
  const attributes = element.attrs as Attributes;
  let text = `<${element.name}`;
  for (const name of Object.keys(attributes)) {
    const value = attributes[name];
    if (value !== undefined && value !== null) text += ` ${name}="${escapeAttribute(String(value))}"`;
  }
  if (element.children.length === 0) return `${text}/>`;
  text += ">";
  for (const child of element.children as readonly Child[]) {
    if (child instanceof Element) text += serialise(child);
    else if (typeof child === "string" || typeof child === "number") text += escapeText(String(child));
  }
  return `${text}</${element.name}>`;
}
