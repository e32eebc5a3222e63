// Who may do what in a room: the tables and error cases of XEP-0045 §5 and §8–§10.
import type { Affiliation, Role, Standing } from "./standing.js";

export function defaultRole(
  affiliation: Affiliation,
  configuration: { readonly isModerated: boolean; readonly isMembersOnly?: boolean },
): Role {
  if (affiliation === "outcast") return "none";
  if (affiliation === "owner" || affiliation === "admin") return "moderator";
  if (affiliation === "member") return "participant";
  if (configuration.isMembersOnly === true) return "none";
  return configuration.isModerated ? "visitor" : "participant";
}

export function requireMayChangeRole(_actor: Standing, _target: Standing, _to: Role): void {}
export function requireMayChangeAffiliation(
  _actor: Standing,
  _target: Affiliation,
  _to: Affiliation,
  _isOwn = false,
): void {}
