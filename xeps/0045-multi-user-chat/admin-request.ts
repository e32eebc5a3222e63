// Requests to see and to change lists of roles and affiliations (XEP-0045 §8.2–8.5, §9, §10.3–10.8), checked for their form.
import { attributeOf, type Element, type Jid, StanzaError } from "../../src/extension/index.js";
import {
  addressIn,
  type Affiliation,
  affiliations,
  MUC_ADMIN,
  reasonIn,
  type Role,
  roles,
} from "../payloads/0045-multi-user-chat.js";

/** A list that somebody asks for (§8.5, §9.2, §9.5, §9.8, §10.5, §10.8). */
export type ListRequest = { readonly affiliation: Affiliation } | { readonly role: Role };

/** A change of a role, by nickname. */
export interface RoleChange {
  readonly kind: "role";
  /** As it was sent, unprepared. */
  readonly nick: string;
  readonly role: Role;
  readonly reason: string;
}

/** A change of an affiliation. */
export interface AffiliationChange {
  readonly kind: "affiliation";
  readonly affiliation: Affiliation;
  /**
   * The bare address, also where a full one was sent (§10.3); of a whole domain only to ban it, or to lift that. Absent
   * where the item has but a nickname, which is that of an occupant then.
   */
  readonly jid: Jid | undefined;
  /** As it was sent, unprepared. Beside an address: the nickname to reserve (§9.3), "" to reserve none (§9.5). */
  readonly nick: string | undefined;
  readonly reason: string;
}

export type AdminChange = RoleChange | AffiliationChange;

/** Most items of one request. */
const mostItems = 500;

/** @throws StanzaError bad-request unless there is exactly one item that names either a role or an affiliation */
export function listRequestIn(query: Element): ListRequest {
  const [item, ...others] = query.getChildren("item", MUC_ADMIN);
  if (item === undefined || others.length > 0) throw malformed("Ask for one list at a time.");
  const { affiliation, role } = kindOf(item);
  return affiliation === undefined ? { role } : { affiliation };
}

/**
 * The changes that a request asks for, in its order; none of two is of the same occupant or address.
 * @throws StanzaError bad-request, jid-malformed, or not-acceptable for too long a reason
 */
export function changesIn(query: Element): readonly AdminChange[] {
  const items = query.getChildren("item", MUC_ADMIN);
  if (items.length === 0) throw malformed("There is no item.");
  if (items.length > mostItems) throw malformed(`At most ${mostItems} items are possible.`);
  const changes = items.map(changeIn);
  const targets = new Set(changes.map((change) => (change.kind === "affiliation" && change.jid) || change.nick));
  if (targets.size < changes.length) throw malformed("Two items are of the same user.");
  return changes;
}

function changeIn(item: Element): AdminChange {
  const { affiliation, role } = kindOf(item);
  const nick = attributeOf(item, "nick");
  const reason = reasonIn(item);
  if (affiliation !== undefined)
    return { kind: "affiliation", affiliation, jid: targetOf(item, affiliation), nick, reason };
  if (nick === undefined || nick === "") throw malformed("A role belongs to a nickname.");
  return { kind: "role", nick, role, reason };
}

/** §9.2, §9.5, §9.8, §10.5: what manages roles says nothing of affiliations, and the other way round. */
function kindOf(
  item: Element,
): { affiliation: Affiliation; role?: undefined } | { affiliation?: undefined; role: Role } {
  const affiliation = attributeOf(item, "affiliation");
  const role = attributeOf(item, "role");
  if ((affiliation === undefined) === (role === undefined))
    throw malformed("An item names either a role or an affiliation.");
  return role === undefined ? { affiliation: known(affiliations, affiliation) } : { role: known(roles, role) };
}

function known<Name extends string>(names: readonly Name[], text: string | undefined): Name {
  const found = names.find((name) => name === text);
  if (found === undefined) throw malformed(`This must be one of: ${names.join(", ")}.`);
  return found;
}

function targetOf(item: Element, affiliation: Affiliation): Jid | undefined {
  const nick = attributeOf(item, "nick") ?? "";
  if (attributeOf(item, "jid") === undefined && nick !== "") return undefined;
  const jid = addressIn(item, "jid").bare;
  const mayBeDomain = affiliation === "outcast" || affiliation === "none"; // §9.2
  if (jid.isDomain && !mayBeDomain) throw malformed("A domain can be banned, nothing else.");
  return jid;
}

function malformed(text: string): StanzaError {
  return new StanzaError("bad-request", { text });
}
