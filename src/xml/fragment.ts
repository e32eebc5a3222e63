// One first-level element of a stream: what routing needs to know of it, its source text, its tree on demand.
import type { Element } from "./element.js";
import { escapeAttribute } from "./escape.js";
import type { ChildName } from "./names.js";
import { appendContent, newElement } from "./tree.js";

export type { ChildName };

/** What the scanner has found out about an element. */
export interface FragmentFacts {
  readonly name: string;
  readonly namespace: string;
  readonly prefix: string;
  readonly to: string | undefined;
  readonly from: string | undefined;
  readonly type: string | undefined;
  readonly id: string | undefined;
  readonly lang: string | undefined;
  readonly otherAttributes: string;
  readonly children: readonly ChildName[];
  readonly content: string;
  readonly contentNamespace: string;
  readonly declarations: string;
  readonly isAscii: boolean;
  readonly bytes: number;
  readonly hasText: boolean;
}

/** A stanza or another first-level element, immutable. */
export class Fragment implements FragmentFacts {
  // Declared only: a field would be written twice for each stanza, as undefined before its value.

  /** Local name, without prefix. */
  declare readonly name: string;
  declare readonly namespace: string;
  /** "" nearly always. */
  declare readonly prefix: string;
  /** Attribute values with references resolved; undefined where the attribute is absent. */
  declare readonly to: string | undefined;
  declare readonly from: string | undefined;
  declare readonly type: string | undefined;
  declare readonly id: string | undefined;
  /** xml:lang of the element itself; undefined leaves it to the stream's (RFC 6120 §8.1.5). */
  declare readonly lang: string | undefined;
  /** Every further attribute that declares no namespace, as written, each after a space: ready to be written again. */
  declare readonly otherAttributes: string;
  /** The names of the direct children, in order. */
  declare readonly children: readonly ChildName[];
  /** The source text between start tag and end tag; "" when empty. */
  declare readonly content: string;
  /** The default namespace that `content` was written for: another than `namespace` only if `prefix` is not "". */
  declare readonly contentNamespace: string;
  /**
   * Declarations of the prefixes that content and otherAttributes may use, each after a space (` xmlns:x='…'`), from the
   * start tag and, as far as used, from the stream header. "" nearly always.
   */
  declare readonly declarations: string;
  /** Whether the whole element was ASCII, so that its text can be written as latin1. */
  declare readonly isAscii: boolean;
  /** Bytes it took on the wire. */
  declare readonly bytes: number;
  /** Whether text other than white space stands directly inside. */
  declare readonly hasText: boolean;
  declare private tree: Element | undefined;

  constructor(facts: FragmentFacts) {
    this.name = facts.name;
    this.namespace = facts.namespace;
    this.prefix = facts.prefix;
    this.to = facts.to;
    this.from = facts.from;
    this.type = facts.type;
    this.id = facts.id;
    this.lang = facts.lang;
    this.otherAttributes = facts.otherAttributes;
    this.children = facts.children;
    this.content = facts.content;
    this.contentNamespace = facts.contentNamespace;
    this.declarations = facts.declarations;
    this.isAscii = facts.isAscii;
    this.bytes = facts.bytes;
    this.hasText = facts.hasText;
    this.tree = undefined;
  }

  /** The element as a tree, with `xmlns` on its root; built once. Whoever changes it changes it for all: copy first. */
  element(): Element {
    return (this.tree ??= treeOf(this));
  }
}

function treeOf(fragment: Fragment): Element {
  const element = elementOf(fragment);
  appendContent(element, fragment.content);
  return element;
}

function elementOf(fragment: Fragment): Element {
  const name = fragment.prefix === "" ? fragment.name : `${fragment.prefix}:${fragment.name}`;
  const element = newElement(name, `${fragment.declarations}${fragment.otherAttributes}>`);
  if (fragment.contentNamespace !== "") element.attrs["xmlns"] = fragment.contentNamespace;
  if (fragment.to !== undefined) element.attrs["to"] = fragment.to;
  if (fragment.from !== undefined) element.attrs["from"] = fragment.from;
  if (fragment.type !== undefined) element.attrs["type"] = fragment.type;
  if (fragment.id !== undefined) element.attrs["id"] = fragment.id;
  if (fragment.lang !== undefined) element.attrs["xml:lang"] = fragment.lang;
  return element;
}

/** The text of a declaration, ready to follow a tag's name. */
export function declaration(prefix: string, namespace: string): string {
  return ` xmlns:${prefix}="${escapeAttribute(namespace)}"`;
}
