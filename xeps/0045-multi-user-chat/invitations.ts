// Invitations by way of the room, and what the invited answer (XEP-0045 §7.8.2, §9.5).
import { type Clock, type Jid, RateLimit, type Stanza, StanzaError } from "../../src/extension/index.js";
import { MUC_USER } from "../payloads/0045-multi-user-chat.js";
import { directInvitationElement } from "../payloads/0249-direct-muc-invitations.js";
import { changeAffiliations } from "./affiliations.js";
import { requireNotTooOften } from "./floods.js";
import type { Hooks } from "./hooks.js";
import {
  type Decline,
  declineElement,
  declineIn,
  type Invitation,
  invitationElement,
  invitationsIn,
} from "./invitation.js";
import { takeAsItIs } from "./locked-rooms.js";
import type { Occupant } from "./occupant.js";
import { mayInvite } from "./permissions.js";
import type { Room } from "./room.js";
import { tell } from "./tell.js";

/** Invitations that one user may send in an hour: each reaches somebody who has not asked for it. */
const mostInAnHour = 100;

export function serveInvitations(hooks: Hooks, clock: Clock): void {
  const budget = new RateLimit({ most: mostInAnHour, interval: 3_600_000, clock });
  hooks.roomMessages.push((room, message, occupant) => {
    const user = message.child(MUC_USER, "x");
    const invitations = user === undefined ? [] : invitationsIn(user);
    const sender = (message.from as Jid).bare.toString();
    if (!invitations.every(() => budget.take(sender))) {
      throw new StanzaError("policy-violation", { type: "wait", text: "You have invited too many people lately." });
    }
    if (invitations.length > 0) return inviteAll(room, message, occupant, invitations).then(() => true);
    const refusal = user === undefined ? undefined : declineIn(user);
    if (refusal !== undefined) {
      requireNotTooOften(room, message.from as Jid);
      handOnDecline(room, message, refusal);
    }
    return refusal !== undefined;
  });
}

/** §9.5: who has become a member of a members-only room should hear of it. */
export function inviteNewMember(room: Room, member: Jid, by: Jid | undefined): void {
  if (member.isDomain) return;
  sendInvitation(room, member, { address: (by ?? room.jid).bare, reason: "" });
}

async function inviteAll(
  room: Room,
  message: Stanza,
  occupant: Occupant | undefined,
  invitations: readonly Invitation[],
): Promise<void> {
  const from = message.from as Jid;
  if (occupant === undefined) throw new StanzaError("not-acceptable", { text: "You are not in the room." });
  if (!mayInvite(occupant, room.configuration)) throw new StanzaError("forbidden");
  await takeAsItIs(room, from);
  // "any invitation sent SHOULD automatically trigger the addition of the invitee to the member list"
  const strangers = room.configuration.isMembersOnly
    ? invitations.filter(({ address }) => room.affiliationOf(address) === "none")
    : [];
  // All of its users would be let in: that is not even for owners to say.
  if (strangers.some(({ address }) => address.bare.isDomain))
    throw new StanzaError("not-acceptable", { text: "A whole domain can't become a member." });
  const additions = strangers.map(({ address }) => ({ jid: address.bare, to: "member" as const, isInvited: true }));
  if (additions.length > 0)
    await changeAffiliations(room, additions, { jid: from, nick: occupant.nick }, (job) => job());
  for (const { address, ...rest } of invitations) {
    sendInvitation(room, address, { ...rest, address: inviterShown(room, from, occupant) }, message.id);
  }
}

/** The inviter's bare JID where it is no secret, else their address in the room. */
function inviterShown({ configuration }: Room, from: Jid, occupant: Occupant): Jid {
  return configuration.isNonAnonymous ? from.bare : occupant.address;
}

/** With a direct invitation beside (XEP-0249), for clients that know no other, as other servers send it too. */
function sendInvitation(room: Room, to: Jid, invitation: Invitation, id?: string): void {
  const { password } = room.configuration;
  const direct = directInvitationElement({ ...invitation, room: room.jid, password });
  tell(room, [to], [invitationElement(invitation, password), direct], id);
}

/**
 * To the inviter, by whatever address the invitation named them. Nobody is told when they are gone: whoever likes could learn
 * who is in the room.
 */
function handOnDecline(room: Room, message: Stanza, { address, reason }: Decline): void {
  const from = message.from as Jid;
  for (const occupant of room.occupants.values()) {
    if (occupant.address !== address && occupant.bare !== address.bare) continue;
    return tell(room, occupant.seats.keys(), [declineElement({ address: from.bare, reason })], message.id);
  }
}
