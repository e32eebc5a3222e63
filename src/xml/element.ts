// Element trees as handlers see them: the element type and the escaping of @xmpp/xml, and its builder with exact types.
import { Element, escapeXML, escapeXMLText, unescapeXML, unescapeXMLText } from "@xmpp/xml";

export { Element, escapeXML, escapeXMLText, unescapeXML, unescapeXMLText };

/** What may stand inside an element: elements, text, and lists of both; nothing where a value is absent. */
export type Child = Element | string | number | boolean | null | undefined | readonly Child[];

/** Attribute values by name (`xmlns` among them); absent ones are left out. */
export type Attributes = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** Builds an element: `xml("body", {}, "Wherefore art thou")`. Absent attributes and children are left out. */
export function xml(name: string, attributes: Attributes | null = null, ...children: Child[]): Element {
  const element = new Element(name);
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

/** The XML text of an element, as it goes over the wire. */
export function serialise(element: Element): string {
  return element.toString();
}
