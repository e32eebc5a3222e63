// Invitations that a room passes on, and declined ones (XEP-0045 §7.8.2, §7.9).
import { attributeOf, type Element, type Jid, StanzaError, xml } from "../../src/extension/index.js";
import { addressIn, MUC_USER, reasonElement, reasonIn, userElement } from "../payloads/0045-multi-user-chat.js";

export interface Invitation {
  /** Whom an occupant invites; who has invited, where the room passes it on. */
  readonly address: Jid;
  /** "" for none. */
  readonly reason: string;
  /** §7.9: the room goes on with a chat of two; its thread, or "". */
  readonly continuedThread?: string | undefined;
}

export type Decline = Omit<Invitation, "continuedThread">;

/** Most people whom one message invites. */
const mostInvitations = 20;

/**
 * Whom a message to a room invites, each once; none for a message that is about something else.
 * @param user its `<x xmlns='…muc#user'/>`
 * @throws StanzaError bad-request, jid-malformed, or not-acceptable for too many, or for too long a reason
 */
export function invitationsIn(user: Element): readonly Invitation[] {
  const invites = user.getChildren("invite", MUC_USER);
  if (invites.length > mostInvitations)
    throw new StanzaError("not-acceptable", { text: `At most ${mostInvitations} people can be invited at once.` });
  const invitations = new Map<Jid, Invitation>();
  for (const invite of invites) {
    const address = addressIn(invite, "to");
    invitations.set(address, { address, reason: reasonIn(invite), continuedThread: threadIn(invite) });
  }
  return [...invitations.values()];
}

function threadIn(invite: Element): string | undefined {
  const continued = invite.getChild("continue", MUC_USER);
  return continued === undefined ? undefined : (attributeOf(continued, "thread") ?? "");
}

/** What the room sends to whoever is invited. */
export function invitationElement({ address, reason, continuedThread }: Invitation, password = ""): Element {
  const continued =
    continuedThread !== undefined && xml("continue", { thread: continuedThread === "" ? undefined : continuedThread });
  const invite = xml("invite", { from: address.toString() }, reasonElement(reason), continued);
  return userElement([], [], invite, ...(password === "" ? [] : [xml("password", {}, password)]));
}

/**
 * To whom a message to a room says that they won't come; undefined for a message that is about something else.
 * @throws StanzaError bad-request, jid-malformed, or not-acceptable for too long a reason
 */
export function declineIn(user: Element): Decline | undefined {
  const decline = user.getChild("decline", MUC_USER);
  return decline && { address: addressIn(decline, "to"), reason: reasonIn(decline) };
}

/** What the room sends to whoever has invited. */
export function declineElement({ address, reason }: Decline): Element {
  return userElement([], [], xml("decline", { from: address.toString() }, reasonElement(reason)));
}
