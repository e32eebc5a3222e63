// What somebody is to a room: an affiliation that lasts, and a role for the visit (XEP-0045 §5).
import { type Affiliation, affiliations, type Role, roles } from "../payloads/0045-multi-user-chat.js";

export type { Affiliation, Role } from "../payloads/0045-multi-user-chat.js";

export interface Standing {
  readonly affiliation: Affiliation;
  /** "none" for whoever is not in the room. */
  readonly role: Role;
}

export function isAffiliation(value: unknown): value is Affiliation {
  return (affiliations as readonly unknown[]).includes(value);
}

export function isRole(value: unknown): value is Role {
  return (roles as readonly unknown[]).includes(value);
}
