// Moderation as two generations of clients know it: what moderators ask for, and how everybody is told of it.
import { attributeOf, buildStanza, type Element, type Stanza, StanzaError, xml } from "../../src/extension/index.js";
import { occupantIdElement } from "../payloads/0421-occupant-identifiers.js";
import { FASTENING, NS as RETRACT, OLD_NS as OLD_RETRACT } from "../payloads/0424-message-retraction.js";

export const NS = "urn:xmpp:message-moderate:1";

/**
 * Version 0.2.1 <https://xmpp.org/extensions/attic/xep-0425-0.2.1.html>, with XEP-0424 of its time: some clients that
 * distributions ship for years know nothing else.
 */
export const OLD_NS = "urn:xmpp:message-moderate:0";

/** Characters of a reason. */
const mostReason = 1000;

export interface Request {
  /** Of the message that is to go. */
  readonly id: string;
  readonly reason: string;
}

/** By whom and why. */
export interface Verdict {
  readonly by: string;
  /** Stays when they change their nickname. */
  readonly occupantId?: string;
  readonly reason: string;
}

/** What is asked in <moderate/>. */
export function requestOf(moderate: Element): Request {
  return request(moderate, attributeOf(moderate, "id"), RETRACT);
}

/** Likewise in <apply-to/>, which may be about anything. */
export function oldRequestOf(fastening: Element): Request {
  const moderate = fastening.getChild("moderate", OLD_NS);
  if (moderate === undefined) throw new StanzaError("service-unavailable");
  return request(moderate, attributeOf(fastening, "id"), OLD_RETRACT);
}

function request(moderate: Element, id: string | undefined, retraction: string): Request {
  if (id === undefined || moderate.getChild("retract", retraction) === undefined) throw new StanzaError("bad-request");
  return { id, reason: moderate.getChildText("reason") ?? "" };
}

/** The same to everybody, in both versions: each client finds the one that it knows. */
export function announcement(id: string, verdict: Verdict): Stanza {
  const retract = xml("retract", { xmlns: RETRACT, id }, verdictElements(verdict));
  const old = moderatedElement(OLD_NS, verdict, xml("retract", { xmlns: OLD_RETRACT }), ...reasonElements(verdict));
  const fastening = xml("apply-to", { xmlns: FASTENING, id }, old);
  return buildStanza("message", { id: crypto.randomUUID() }, retract, fastening);
}

/** §3.1, §4: as it stands in retractions and tombstones. */
export function verdictElements(verdict: Verdict): readonly Element[] {
  return [moderatedElement(NS, verdict), ...reasonElements(verdict)];
}

function moderatedElement(xmlns: string, { by, occupantId }: Verdict, ...more: readonly Element[]): Element {
  return xml("moderated", { xmlns, by }, occupantId !== undefined && occupantIdElement(occupantId), more);
}

function reasonElements({ reason }: Verdict): readonly Element[] {
  if (reason.length > mostReason) throw new StanzaError("policy-violation", { text: "The reason is too long." });
  return reason === "" ? [] : [xml("reason", {}, reason)];
}

/** §5: whether it says what only the room may say: that a moderator has taken something back. */
export function isAnnouncement(message: Stanza): boolean {
  return saysModerated(message, RETRACT, "retract") || saysModerated(message, FASTENING, "apply-to");
}

function saysModerated(message: Stanza, namespace: string, name: string): boolean {
  if (!message.has(namespace, name)) return false;
  const isModerated = (element: Element): boolean =>
    [NS, OLD_NS].some((version) => element.getChild("moderated", version) !== undefined);
  return message.element().getChildren(name, namespace).some(isModerated);
}
