// What somebody is to a room: lastingly, and for this visit (XEP-0045 §5).

export const affiliations = ["owner", "admin", "member", "none", "outcast"] as const;
export type Affiliation = (typeof affiliations)[number];

export const roles = ["moderator", "participant", "visitor", "none"] as const;
export type Role = (typeof roles)[number];

export interface Standing {
  readonly affiliation: Affiliation;
  readonly role: Role;
}

export function isAffiliation(value: unknown): value is Affiliation {
  return (affiliations as readonly unknown[]).includes(value);
}

export function isRole(value: unknown): value is Role {
  return (roles as readonly unknown[]).includes(value);
}

/** Owners and admins, who may do what others may not. */
export function isAdminOrOwner(affiliation: Affiliation): boolean {
  return affiliation === "owner" || affiliation === "admin";
}
