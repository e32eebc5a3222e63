// The XML element of the conformance suite: namespaces resolved, attributes by name; parsed from text and written back.
import { SaxesParser, type SaxesTagNS } from "saxes";

/** An element with its namespace resolved. Children are elements and non-empty character data, in document order. */
export interface XmlElement {
  readonly name: string;
  readonly namespace: string;
  /** Keyed by local name, or by `{namespace}name` for attributes that have a prefix. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: (XmlElement | string)[];
}

export const NS = {
  client: "jabber:client",
  server: "jabber:server",
  component: "jabber:component:accept",
  dialback: "jabber:server:dialback",
  stream: "http://etherx.jabber.org/streams",
  framing: "urn:ietf:params:xml:ns:xmpp-framing",
  tls: "urn:ietf:params:xml:ns:xmpp-tls",
  sasl: "urn:ietf:params:xml:ns:xmpp-sasl",
  bind: "urn:ietf:params:xml:ns:xmpp-bind",
  stanzas: "urn:ietf:params:xml:ns:xmpp-stanzas",
  streams: "urn:ietf:params:xml:ns:xmpp-streams",
  channelBinding: "urn:xmpp:sasl-cb:0",
  discoInfo: "http://jabber.org/protocol/disco#info",
  ping: "urn:xmpp:ping",
  muc: "http://jabber.org/protocol/muc",
  mucUser: "http://jabber.org/protocol/muc#user",
  mucAdmin: "http://jabber.org/protocol/muc#admin",
  mucOwner: "http://jabber.org/protocol/muc#owner",
  scansion: "https://code.matthewwild.co.uk/scansion/",
  xml: "http://www.w3.org/XML/1998/namespace",
  xmlns: "http://www.w3.org/2000/xmlns/",
} as const;

/** The element of an opening tag; its children are filled in by whoever reads on. */
export function elementOf(tag: SaxesTagNS): XmlElement {
  const attributes = new Map<string, string>();
  for (const { local, prefix, uri, value } of Object.values(tag.attributes)) {
    if (uri !== NS.xmlns) attributes.set(prefix === "" ? local : `{${uri}}${local}`, value);
  }
  return { name: tag.local, namespace: tag.uri, attributes, children: [] };
}

/**
 * Parses the elements of a scene, in this default namespace; the prefixes `stream`, `db` and `scansion` are known.
 * @throws Error when the text is not well-formed
 */
export function parseElements(text: string, namespace: string = NS.client): XmlElement[] {
  const prefixes = `xmlns:stream='${NS.stream}' xmlns:db='${NS.dialback}' xmlns:scansion='${NS.scansion}'`;
  const opening = `<scene xmlns='${namespace}' ${prefixes}>`;
  return parseDocument(`${opening}${text}</scene>`).children.filter((child) => typeof child !== "string");
}

/** @throws Error when the text is not one well-formed XML document */
export function parseDocument(text: string): XmlElement {
  const open: XmlElement[] = [];
  let root: XmlElement | undefined;
  const parser = new SaxesParser({ xmlns: true, position: false });
  parser.on("opentag", (tag) => {
    const element = elementOf(tag);
    open.at(-1)?.children.push(element);
    root ??= element;
    open.push(element);
  });
  parser.on("closetag", () => void open.pop());
  parser.on("text", (data) => void open.at(-1)?.children.push(data));
  parser.on("cdata", (data) => void open.at(-1)?.children.push(data));
  parser.write(text).close();
  if (root === undefined) throw new Error("there is no element");
  return root;
}

/** The child elements, without character data. */
export function elementsIn(element: XmlElement): XmlElement[] {
  return element.children.filter((child) => typeof child !== "string");
}

/** The first child with this name, in the given namespace or, without one, in the parent's. */
export function childOf(element: XmlElement, name: string, namespace = element.namespace): XmlElement | undefined {
  return elementsIn(element).find((child) => child.name === name && child.namespace === namespace);
}

/** All character data directly inside the element. */
export function textOf(element: XmlElement): string {
  return element.children.filter((child) => typeof child === "string").join("");
}

/** Character data or attribute value → markup. */
export function escapeXml(text: string): string {
  return text.replace(/[<>&'"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Markup of an element for reports. Namespaces are declared where they change. */
export function serialize(element: XmlElement, outer: string = NS.client): string {
  const namespace = element.namespace === outer ? "" : ` xmlns='${escapeXml(element.namespace)}'`;
  const attributes = [...element.attributes]
    .map(([name, value]) => ` ${shortName(name)}='${escapeXml(value)}'`)
    .join("");
  const children = element.children.map((child) =>
    typeof child === "string" ? escapeXml(child) : serialize(child, element.namespace),
  );
  const start = `<${element.name}${namespace}${attributes}`;
  return children.length === 0 ? `${start}/>` : `${start}>${children.join("")}</${element.name}>`;
}

function shortName(name: string): string {
  return name.replace(`{${NS.xml}}`, "xml:").replace(`{${NS.scansion}}`, "scansion:");
}
