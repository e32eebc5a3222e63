// A stanza: who, to whom, of what kind, and the very text it came with. Immutable; a copy for somebody else is cheap.
import type { Jid } from "../jid/jid.js";
import { escapeAttribute } from "../xml/escape.js";
import type { Element } from "../xml/element.js";
import type { ChildName, Fragment } from "../xml/fragment.js";
import { parseElement } from "../xml/parse-element.js";
import { bytesOfCopy } from "./copy-bytes.js";

export type StanzaKind = "message" | "presence" | "iq";

/** What all copies of a stanza share, whoever they are addressed to. */
export interface StanzaBody {
  readonly kind: StanzaKind;
  /** As written; absent means "normal" for a message and "available" for presence. */
  readonly type: string | undefined;
  readonly id: string | undefined;
  readonly lang: string | undefined;
  /** Further attributes, as text ready to be written, each after a space. */
  readonly otherAttributes: string;
  /** Namespace declarations that the content needs, as text ready to be written. */
  readonly declarations: string;
  readonly children: readonly ChildName[];
  /** The XML between the start tag and the end tag, as it came. */
  readonly content: string;
  readonly isAscii: boolean;
}

export class Stanza {
  #tail: string | undefined;
  /** The end of the address and the tail, in UTF-8: only where it serves many. */
  #sharedBytes: Buffer | undefined;
  #element: Element | undefined;

  constructor(
    readonly to: Jid | undefined,
    readonly from: Jid | undefined,
    readonly body: StanzaBody,
  ) {}

  /** A stanza from a stream. The addresses are the session's to decide: it knows which are allowed. */
  static received(
    kind: StanzaKind,
    fragment: Fragment,
    to: Jid | undefined,
    from: Jid | undefined,
    lang: string | undefined = fragment.lang,
  ): Stanza {
    const { type, id, otherAttributes, declarations, content, isAscii } = fragment;
    const children = fragment.contentNamespace === "jabber:client" ? fragment.children : asOfClients(fragment);
    return new Stanza(to, from, {
      kind,
      type,
      id,
      lang,
      otherAttributes,
      declarations,
      children,
      content,
      isAscii,
    });
  }

  get kind(): StanzaKind {
    return this.body.kind;
  }

  get type(): string | undefined {
    return this.body.type;
  }

  get id(): string | undefined {
    return this.body.id;
  }

  get children(): readonly ChildName[] {
    return this.body.children;
  }

  /** Whether the whole text, addresses included, is ASCII: then it can be sent without being encoded. */
  get isAscii(): boolean {
    return this.body.isAscii && (this.to?.isAscii ?? true) && (this.from?.isAscii ?? true);
  }

  /** Whether a direct child has this namespace and name. */
  has(namespace: string, name: string): boolean {
    for (const child of this.body.children) if (child.name === name && child.namespace === namespace) return true;
    return false;
  }

  /** The same stanza with other addresses; the text is shared. */
  readdressed(to: Jid | undefined, from: Jid | undefined = this.from): Stanza {
    const copy = new Stanza(to, from, this.body);
    if (from !== this.from) return copy;
    copy.#tail = this.tail();
    copy.#sharedBytes = this.#sharedBytes;
    return copy;
  }

  /** The same, to be readdressed to many: what these copies have in common is encoded here, once. */
  forMany(): Stanza {
    const original = this.readdressed(this.to);
    original.#sharedBytes ??= Buffer.from(`'${this.tail()}`);
    return original;
  }

  /** A copy that shares no memory with the bytes it came in: for what is kept longer than a moment. */
  compact(): Stanza {
    const { content, otherAttributes, declarations, id, type, lang } = this.body;
    return new Stanza(this.to, this.from, {
      ...this.body,
      content: independent(content),
      otherAttributes: independent(otherAttributes),
      declarations: independent(declarations),
      id: id === undefined ? undefined : independent(id),
      type: type === undefined ? undefined : independent(type),
      lang: lang === undefined ? undefined : independent(lang),
    });
  }

  /** The element tree, built at the first call. Treat it as read-only: it is not written back. */
  element(): Element {
    return (this.#element ??= parseElement(this.toXml("jabber:client")));
  }

  /** The first direct child with this namespace and name, as a tree. */
  child(namespace: string, name: string): Element | undefined {
    return this.has(namespace, name) ? this.element().getChild(name, namespace) : undefined;
  }

  /** The text to send. A framed transport (RFC 7395 §3.3.3) and storage need the namespace said; a stream has said it. */
  toXml(namespace?: string): string {
    const to = this.to === undefined ? "" : ` to='${this.to.attribute}'`;
    const declared = namespace === undefined ? "" : ` xmlns='${namespace}'`;
    return `<${this.body.kind}${declared}${to}${this.tail()}`;
  }

  /** The text to send, encoded; undefined where nothing is shared with other copies, so that nothing is saved by it. */
  toBytes(namespace?: string): Buffer | undefined {
    if (this.#sharedBytes === undefined || this.to === undefined) return undefined;
    return bytesOfCopy(this.kind, namespace, this.to, this.#sharedBytes);
  }

  /** All after the `to`: the part that a broadcast to many has in common. */
  private tail(): string {
    return (this.#tail ??= writeTail(this.from, this.body));
  }
}

/** Children that have their namespace from a stanza of another content namespace (RFC 6120 §4.8.3). */
function asOfClients({ children, contentNamespace }: Fragment): readonly ChildName[] {
  return children.map((child) =>
    child.namespace === contentNamespace ? { namespace: "jabber:client", name: child.name } : child,
  );
}

function writeTail(from: Jid | undefined, body: StanzaBody): string {
  const { kind, type, id, lang, content } = body;
  const start =
    (from === undefined ? "" : ` from='${from.attribute}'`) +
    (type === undefined ? "" : ` type='${escapeAttribute(type)}'`) +
    (id === undefined ? "" : ` id='${escapeAttribute(id)}'`) +
    (lang === undefined ? "" : ` xml:lang='${escapeAttribute(lang)}'`) +
    body.otherAttributes +
    body.declarations;
  return content === "" ? `${start}/>` : `${start}>${content}</${kind}>`;
}

/** V8 keeps a slice together with the whole string that it was cut from; a copy stands alone. */
function independent(text: string): string {
  return text.length < 13 ? text : Buffer.from(text).toString();
}
