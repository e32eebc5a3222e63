// Invitations by way of the room, and what the invited answer (XEP-0045 §7.8.2, §9.5).
import { buildStanza, type Element, type Jid, type Stanza, StanzaError, xml } from "../../src/extension/index.js";
import { type MediatedInvitation, invitationsIn, MUC_USER } from "../payloads/0045-multi-user-chat.js";
import { changeAffiliations } from "./affiliations.js";
import type { Hooks } from "./hooks.js";
import type { Occupant } from "./occupant.js";
import type { Room } from "./room.js";
import { isAdminOrOwner } from "./standing.js";

/** Of one message. */
const mostInvitations = 50;

export function serveInvitations(hooks: Hooks): void {
  hooks.roomMessages.push((room, message, occupant) => {
    const invitations = invitationsIn(message.child(MUC_USER, "x"));
    if (invitations.length === 0) return false;
    if (invitations.length > mostInvitations) throw new StanzaError("policy-violation");
    return handOnAll(room, message, occupant, invitations).then(() => true);
  });
}

/** §9.5: who has become a member of a members-only room should hear of it. */
export function inviteNewMember(room: Room, member: Jid, by: Jid | undefined): void {
  if (member.isDomain) return;
  room.send(invitation(room, member, xml("invite", { from: (by ?? room.jid).bare.toString() })));
}

async function handOnAll(
  room: Room,
  message: Stanza,
  occupant: Occupant | undefined,
  invitations: readonly MediatedInvitation[],
): Promise<void> {
  const from = message.from as Jid;
  for (const each of invitations) {
    if (each.kind === "invite") await invite(room, from, occupant, each, message.id);
    else decline(room, from, each, message.id);
  }
}

async function invite(
  room: Room,
  from: Jid,
  occupant: Occupant | undefined,
  { other, element }: MediatedInvitation,
  id: string | undefined,
): Promise<void> {
  requireMayInvite(room, from, occupant);
  const { isMembersOnly } = room.configuration;
  // "any invitation sent SHOULD automatically trigger the addition of the invitee to the member list"
  if (isMembersOnly && room.affiliationOf(other) === "none") {
    const actor = { jid: from, nick: occupant?.nick };
    await changeAffiliations(room, [{ jid: other.bare, to: "member" }], actor, (job) => job());
  }
  const shown = xml("invite", { from: nameOf(room, from, occupant) }, element.getChildElements());
  room.send(invitation(room, other, shown, id));
}

/** An outsider can't invite; in members-only rooms only admins can, unless the room is configured so. */
function requireMayInvite({ configuration }: Room, from: Jid, occupant: Occupant | undefined): void {
  if (occupant === undefined) throw new StanzaError("not-acceptable");
  if (isAdminOrOwner(occupant.affiliation) || occupant.role === "moderator") return;
  if (configuration.mayInvite && occupant.role !== "visitor") return;
  throw new StanzaError("forbidden");
}

/** The inviter's bare JID where it is no secret, else their address in the room. */
function nameOf(room: Room, from: Jid, occupant: Occupant | undefined): string {
  const isSecret = !room.configuration.isNonAnonymous && occupant !== undefined;
  return (isSecret ? occupant.address : from.bare).toString();
}

function invitation(room: Room, to: Jid, shown: Element, id?: string): Stanza {
  const { password } = room.configuration;
  const secret = password !== "" && xml("password", {}, password);
  const x = xml("x", { xmlns: MUC_USER }, shown, secret);
  return buildStanza("message", { from: room.jid, to, id: id ?? crypto.randomUUID() }, x);
}

/** To the inviter, by whatever address the invitation named them. Nobody who was not invited has anything to decline. */
function decline(room: Room, from: Jid, { other, element }: MediatedInvitation, id: string | undefined): void {
  const x = xml("x", { xmlns: MUC_USER }, xml("decline", { from: from.bare.toString() }, element.getChildElements()));
  const message = buildStanza("message", { from: room.jid, id: id ?? crypto.randomUUID() }, x);
  for (const occupant of room.occupants.values()) {
    if (occupant.address !== other && occupant.bare !== other.bare) continue;
    room.surroundings.service.sendToAll(message, occupant.seats.keys());
    return;
  }
  throw new StanzaError("item-not-found", { text: "Whom you answer is not in the room." });
}
