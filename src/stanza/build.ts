// Stanzas that the server makes itself: results, errors, pushes, copies with something added.
import type { Jid } from "../jid/jid.js";
import { isAscii } from "../xml/ascii.js";
import { Element, serialise } from "../xml/element.js";
import { escapeText } from "../xml/escape.js";
import { Stanza, type StanzaKind } from "./stanza.js";
import type { StanzaError } from "./stanza-error.js";

const errorNamespace = "urn:ietf:params:xml:ns:xmpp-stanzas";

export interface StanzaHead {
  readonly to?: Jid | undefined;
  readonly from?: Jid | undefined;
  readonly type?: string | undefined;
  readonly id?: string | undefined;
}

/** A new stanza around the given child elements. */
export function buildStanza(kind: StanzaKind, head: StanzaHead, ...children: readonly Element[]): Stanza {
  const content = children.map(serialise).join("");
  return new Stanza(head.to, head.from, {
    kind,
    type: head.type,
    id: head.id,
    lang: undefined,
    otherAttributes: "",
    declarations: "",
    children: children.map((child) => ({ namespace: child.getNS() ?? "jabber:client", name: child.getName() })),
    content,
    isAscii: isAscii(content) && isAscii(head.id ?? ""),
  });
}

/** The result of an IQ request (RFC 6120 §8.2.3), with or without a payload. */
export function resultOf(request: Stanza, payload?: Element): Stanza {
  const head = { to: request.from, from: request.to, type: "result", id: request.id };
  return buildStanza("iq", head, ...(payload === undefined ? [] : [payload]));
}

/** The stanza sent back for one that is refused (RFC 6120 §8.3.1). */
export function errorFor(refused: Stanza, error: StanzaError): Stanza {
  const text =
    error.details.text === undefined
      ? ""
      : `<text xmlns='${errorNamespace}' xml:lang='en'>${escapeText(error.details.text)}</text>`;
  const content =
    `<error type='${error.type}'><${error.condition} xmlns='${errorNamespace}'/>` +
    `${text}${error.details.application ?? ""}</error>`;
  return new Stanza(refused.from, refused.to, {
    kind: refused.kind,
    type: "error",
    id: refused.id,
    lang: undefined,
    otherAttributes: "",
    declarations: "",
    children: [{ namespace: "jabber:client", name: "error" }],
    content,
    isAscii: isAscii(content) && isAscii(refused.id ?? ""),
  });
}

/** True for what must never be answered with an error (RFC 6120 §8.3.1, §8.2.3). */
export function isUnanswerable(stanza: Stanza): boolean {
  return stanza.type === "error" || (stanza.kind === "iq" && stanza.type === "result");
}

/** The stanza without those of its direct children that are unwanted. Builds the tree: ask `stanza.has` before. */
export function withoutChildren(stanza: Stanza, isUnwanted: (child: Element) => boolean): Stanza {
  const kept = stanza.element().children.filter((child) => !(child instanceof Element && isUnwanted(child)));
  const elements = kept.filter((child): child is Element => child instanceof Element);
  const content = kept
    .map((child) => (child instanceof Element ? serialise(child) : escapeText(String(child))))
    .join("");
  return new Stanza(stanza.to, stanza.from, {
    ...stanza.body,
    content,
    children: elements.map((child) => ({ namespace: child.getNS() ?? "jabber:client", name: child.getName() })),
    isAscii: stanza.body.isAscii && isAscii(content), // what was a character reference is a character now
  });
}

/** The stanza with elements appended, for stamps such as delays and ids. */
export function withAppended(stanza: Stanza, ...elements: readonly Element[]): Stanza {
  const added = elements.map(serialise).join("");
  const names = elements.map((element) => ({ namespace: element.getNS() ?? "jabber:client", name: element.getName() }));
  return new Stanza(stanza.to, stanza.from, {
    ...stanza.body,
    content: stanza.body.content + added,
    children: [...stanza.body.children, ...names],
    isAscii: stanza.body.isAscii && isAscii(added),
  });
}
