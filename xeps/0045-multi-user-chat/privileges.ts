// Who may act on whom in a room: the state charts of XEP-0045 §5.1.3 and §5.2.2, and the error cases of §8–§10.
import { StanzaError } from "../../src/extension/index.js";
import type { Affiliation, Role, Standing } from "./standing.js";

const ranks: Readonly<Record<Affiliation, number>> = { outcast: -1, none: 0, member: 1, admin: 2, owner: 3 };

/** §5.1.2: the role with which somebody enters; "none" for whoever may not. */
export function defaultRole(
  affiliation: Affiliation,
  configuration: { readonly isModerated: boolean; readonly isMembersOnly?: boolean },
): Role {
  if (affiliation === "outcast") return "none";
  if (isAdministrator(affiliation)) return "moderator";
  if (affiliation === "member") return "participant";
  if (configuration.isMembersOnly === true) return "none";
  return configuration.isModerated ? "visitor" : "participant";
}

/** Admins and owners: they are moderators by that fact (§5.1.3), and manage lists whether they are in the room or not. */
export function isAdministrator(affiliation: Affiliation): boolean {
  return affiliation === "admin" || affiliation === "owner";
}

/**
 * §5.1.3, §8.2–8.5, §9.6–9.8. To leave a room by kicking oneself is allowed to whoever may kick somebody of the same
 * standing (§8.2: refusing it is a MAY).
 * @throws StanzaError forbidden or not-allowed, as the clause says, when the actor may not
 */
export function requireMayChangeRole(actor: Standing, target: Standing, to: Role): void {
  if (!isModerating(actor)) throw new StanzaError("forbidden", { text: "Only moderators may do this." }); // §8
  if (to === "none") requireMayKick(actor, target);
  else if (to === "moderator")
    requireAdministrator(actor); // §9.6
  else if (target.role === "moderator") requireMayRevokeModerator(actor, target);
  else if (target.role === "participant" && to === "visitor") requireMayRevokeVoice(actor, target);
}

/** Whether somebody has the privileges of a moderator (§5.1.1). An outcast is in no room. */
export function isModerating({ role, affiliation }: Standing): boolean {
  return isAdministrator(affiliation) || (role === "moderator" && affiliation !== "outcast");
}

function requireAdministrator({ affiliation }: Standing): void {
  if (!isAdministrator(affiliation))
    throw new StanzaError("forbidden", { text: "Only admins and owners may do this." });
}

function requireMayKick(actor: Standing, target: Standing): void {
  const isHigher = ranks[target.affiliation] > ranks[actor.affiliation]; // §8.2
  const isOutOfReach = target.role === "moderator" && !isAdministrator(actor.affiliation); // §5.1.3: by an admin or owner
  if (isHigher || isOutOfReach) throw new StanzaError("not-allowed", { text: "You may not kick this occupant." });
}

/** §9.7, §9.8: from an admin or owner nobody can take it, another owner neither. */
function requireMayRevokeModerator(actor: Standing, target: Standing): void {
  requireAdministrator(actor);
  if (isAdministrator(target.affiliation))
    throw new StanzaError("not-allowed", { text: "Admins and owners are always moderators." });
}

/**
 * §8.4: not from admins and owners, and not from somebody "at or above the moderator's level". "None" is the absence of an
 * affiliation (§5.2), not a level, or else moderators without one could silence nobody, against §5.1.1.
 */
function requireMayRevokeVoice(actor: Standing, target: Standing): void {
  const hasLevel = ranks[target.affiliation] > ranks.none;
  const isBelow = ranks[target.affiliation] < ranks[actor.affiliation];
  if (isAdministrator(target.affiliation) || (hasLevel && !isBelow))
    throw new StanzaError("not-allowed", { text: "You may not take this occupant's voice." });
}

/**
 * §5.2.2, §9.1–9.5, §10.3–10.8.
 * @param isOwn whether the change is of the actor's own affiliation
 * @throws StanzaError forbidden, not-allowed or conflict, as the clause says, when the actor may not
 */
export function requireMayChangeAffiliation(
  actor: Standing,
  target: Affiliation,
  to: Affiliation,
  isOwn = false,
): void {
  requireAdministrator(actor); // §9
  if (isOwn && to === "outcast") throw new StanzaError("conflict", { text: "You can't ban yourself." }); // §9.1
  if (actor.affiliation === "owner") return;
  const isProtected = isAdministrator(target);
  if (isProtected && to === "outcast") throw new StanzaError("not-allowed", { text: "Only owners may ban this user." }); // §9.1
  if (isProtected || isAdministrator(to)) throw new StanzaError("forbidden", { text: "Only owners may do this." }); // §10.3–10.8
}

/**
 * §10.2, §10.4, §10.6: the last owner stays.
 * @param owners how many there are once everything of the request is done
 */
export function requireOwnerRemains(owners: number): void {
  if (owners < 1) throw new StanzaError("conflict", { text: "A room must have an owner." });
}
