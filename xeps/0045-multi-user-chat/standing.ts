// What somebody is to a room: an affiliation that lasts, and a role for the visit (XEP-0045 §5).
import type { Affiliation, Role } from "../payloads/0045-multi-user-chat.js";

export type { Affiliation, Role } from "../payloads/0045-multi-user-chat.js";

export interface Standing {
  readonly affiliation: Affiliation;
  /** "none" for whoever is not in the room. */
  readonly role: Role;
}
