// Two other parsers as judges of the reader: sax (strict, with namespaces) and saxes. Both see a whole document.
import sax from "sax";
import { SaxesParser } from "saxes";
import type { Element } from "../../src/xml/element.js";

/** An element by its expanded names; adjacent texts are one, attributes sorted, declarations left out. */
export interface Tree {
  readonly name: string;
  readonly attributes: readonly (readonly [string, string])[];
  readonly children: (Tree | string)[];
}

/** What a parser makes of a document: its verdict and the first-level elements completed before the first error. */
export interface Verdict {
  isAccepted: boolean;
  readonly elements: Tree[];
  /** Comments, processing instructions, document types: what RFC 6120 §11.1 restricts. */
  hasRestricted: boolean;
  /** Text other than white space, or CDATA, between first-level elements. */
  hasTextBetween: boolean;
}

interface QualifiedName {
  readonly local: string;
  readonly uri: string;
}

interface QualifiedTag extends QualifiedName {
  readonly attributes: Record<
    string,
    QualifiedName & { readonly prefix: string; readonly name: string; value: string }
  >;
}

const XMLNS = "http://www.w3.org/2000/xmlns/";

/** Builds trees from a parser's events; the root of the document is the stream. */
class Builder implements Verdict {
  isAccepted = true;
  readonly elements: Tree[] = [];
  hasRestricted = false;
  hasTextBetween = false;
  #depth = 0;
  #open: Tree[] = [];

  start(tag: QualifiedTag): void {
    this.#depth++;
    if (this.#depth === 1) return;
    const attributes = Object.values(tag.attributes)
      .filter(({ uri, prefix, name }) => uri !== XMLNS && prefix !== "xmlns" && name !== "xmlns")
      .map(({ uri, local, value }) => [`{${uri}}${local}`, value] as const)
      .sort(([one], [other]) => (one < other ? -1 : 1));
    const tree = { name: `{${tag.uri}}${tag.local}`, attributes, children: [] };
    this.#open.at(-1)?.children.push(tree);
    this.#open.push(tree);
  }

  end(): void {
    this.#depth--;
    const closed = this.#open.pop();
    if (this.#depth === 1 && closed && this.isAccepted) this.elements.push(closed);
  }

  get isAtStart(): boolean {
    return this.#depth === 0;
  }

  text(text: string, isData: boolean): void {
    const children = this.#open.at(-1)?.children;
    if (!children) this.hasTextBetween ||= this.#depth === 1 && (isData || /[^ \t\r\n]/.test(text));
    else appendTo(children, text);
  }

  fail(): void {
    this.isAccepted = false;
  }

  restrict(): void {
    this.hasRestricted = true;
  }
}

function appendTo(children: (Tree | string)[], text: string): void {
  const last = children.at(-1);
  if (typeof last === "string") children[children.length - 1] = last + text;
  else if (text !== "") children.push(text);
}

/** sax does not normalise line ends (XML 1.0 §2.11): that is done to its input. */
export function judgeWithSax(document: string): Verdict {
  const builder = new Builder();
  const options = { xmlns: true, strictEntities: true, position: false };
  const parser = sax.parser(true, options);
  parser.onopentag = (tag) => builder.start(tag as unknown as QualifiedTag);
  parser.onclosetag = () => builder.end();
  parser.ontext = (text) => builder.text(text, false);
  parser.oncdata = (text) => builder.text(text, true);
  parser.onopencdata = () => builder.text("", true);
  parser.oncomment = parser.ondoctype = () => builder.restrict();
  parser.onprocessinginstruction = ({ name }) => {
    if (name !== "xml" || !builder.isAtStart) builder.restrict();
  };
  parser.onerror = () => {
    builder.fail();
    parser.error = null as unknown as Error;
  };
  parser.write(document.replace(/\r\n?/g, "\n")).close();
  return builder;
}

/** saxes checks everything that XML asks for; declarations and comments it just passes. */
export function judgeWithSaxes(document: string): Verdict {
  const builder = new Builder();
  const parser = new SaxesParser({ xmlns: true, position: false });
  parser.on("opentag", (tag) => builder.start(tag as unknown as QualifiedTag));
  parser.on("closetag", () => builder.end());
  parser.on("text", (text) => builder.text(text, false));
  parser.on("cdata", (text) => builder.text(text, true));
  parser.on("comment", () => builder.restrict());
  parser.on("doctype", () => builder.restrict());
  parser.on("processinginstruction", () => builder.restrict());
  parser.on("error", () => builder.fail());
  parser.write(document).close();
  return builder;
}

/** The tree that a fragment builds, in the same form. */
export function treeOf(element: Element): Tree {
  const attributes = Object.entries(element.attrs as Record<string, string>)
    .filter(([name]) => name !== "xmlns" && !name.startsWith("xmlns:"))
    .map(([name, value]) => [`{${namespaceOfAttribute(element, name)}}${localOf(name)}`, value] as const)
    .sort(([one], [other]) => (one < other ? -1 : 1));
  const children: (Tree | string)[] = [];
  for (const child of element.children) {
    if (typeof child === "string") appendTo(children, child);
    else children.push(treeOf(child));
  }
  return { name: `{${element.getNS() ?? ""}}${element.getName()}`, attributes, children };
}

function namespaceOfAttribute(element: Element, name: string): string {
  const colon = name.indexOf(":");
  if (colon < 0) return "";
  const prefix = name.slice(0, colon);
  return prefix === "xml" ? "http://www.w3.org/XML/1998/namespace" : (element.findNS(prefix) ?? "");
}

function localOf(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}

/** A tree as sax would tell it: white space in values is left as it is, an attribute named __proto__ is lost. */
export function asSaxSees(tree: Tree): Tree {
  return {
    name: asSpaces(tree.name),
    attributes: tree.attributes
      .filter(([name]) => name !== "{}__proto__")
      .map(([name, value]) => [asSpaces(name), asSpaces(value)] as const),
    children: tree.children.map((child) => (typeof child === "string" ? child : asSaxSees(child))),
  };
}

function asSpaces(value: string): string {
  return value.replace(/[\t\n\r]/g, " ");
}
