// The elements that servers negotiate with: what they look like, and what is read out of those that come.
import { Jid, JidMalformed } from "../jid/jid.js";
import type { StanzaError } from "../stanza/stanza-error.js";
import { escapeAttribute, escapeText } from "../xml/escape.js";
import type { Element } from "../xml/element.js";
import type { Fragment } from "../xml/fragment.js";
import { NAMESPACES } from "../xml/namespaces.js";

export const bidirectional = { feature: "urn:xmpp:features:bidi", request: "urn:xmpp:bidi" } as const;
export const limitsNamespace = "urn:xmpp:stream-limits:0";
export const startTls = `<starttls xmlns='${NAMESPACES.tls}'/>`;
export const bidi = `<bidi xmlns='${bidirectional.request}'/>`;

/** Longest text of the other side that is repeated in logs and errors. */
const longestText = 200;

/** XEP-0220 §2.1.1, §2.2.2. */
export interface DialbackElement {
  readonly name: "result" | "verify";
  readonly from: string;
  readonly to: string;
  readonly id: string | undefined;
  readonly type: string | undefined;
  readonly key: string;
}

/** Undefined when it is none, or when its addresses are no domains. */
export function dialbackOf(fragment: Fragment): DialbackElement | undefined {
  const { name, type, id } = fragment;
  if (fragment.namespace !== NAMESPACES.dialback || (name !== "result" && name !== "verify")) return undefined;
  const [from, to] = [domainOf(fragment.from), domainOf(fragment.to)];
  if (from === undefined || to === undefined) return undefined;
  return { name, from, to, id, type, key: fragment.element().getText().trim() };
}

/** Prepared; undefined for what is no domain. */
export function domainOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  try {
    const jid = Jid.parse(text);
    return jid.isDomain ? jid.domain : undefined;
  } catch (error) {
    if (error instanceof JidMalformed) return undefined;
    throw error;
  }
}

interface DialbackFacts {
  readonly from: string;
  readonly to: string;
  readonly id?: string | undefined;
  readonly type?: "valid" | "invalid" | "error";
}

/** A dialback element to send; `content` is the key, or the error. */
export function dialback(name: "result" | "verify", { from, to, id, type }: DialbackFacts, content = ""): string {
  const attributes =
    ` from='${escapeAttribute(from)}' to='${escapeAttribute(to)}'` +
    (id === undefined ? "" : ` id='${escapeAttribute(id)}'`) +
    (type === undefined ? "" : ` type='${type}'`);
  return content === "" ? `<db:${name}${attributes}/>` : `<db:${name}${attributes}>${content}</db:${name}>`;
}

/** The content of a dialback element of type error (XEP-0220 §2.5). */
export function dialbackError({ condition, type, details }: StanzaError): string {
  const words =
    details.text === undefined ? "" : `<text xmlns='${NAMESPACES.stanzaErrors}'>${escapeText(details.text)}</text>`;
  return `<error type='${type}'><${condition} xmlns='${NAMESPACES.stanzaErrors}'/>${words}</error>`;
}

/** "condition: words" of an error, a failure or a stream error, as the other side says it: bounded, without a last full stop. */
export function wordsOf(element: Element | undefined): string {
  const children = element?.getChildElements() ?? [];
  const condition = children.find((child) => child.getName() !== "text")?.getName() ?? "no reason";
  const text = children.find((child) => child.getName() === "text")?.getText() ?? "";
  return text === ""
    ? condition.slice(0, longestText)
    : `${condition.slice(0, 60)}: ${text.slice(0, longestText).replace(/\.\s*$/, "")}`;
}

/** The other side stops: it has said before how far it had come. */
export function isFarewell(words: string): boolean {
  return words.startsWith("system-shutdown");
}

/** A stream error of who has given us up for lost: we may come back to the stream (XEP-0198 §5), as after no other error. */
export function isGivingUp(words: string): boolean {
  return words.startsWith("connection-timeout");
}
