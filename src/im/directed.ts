// Whom a session has sent directed presence to (RFC 6121 §4.6), beside the subscribers who see the broadcast.
import type { Jid } from "../jid/jid.js";
import type { LocalSession } from "../routing/local-session.js";

/** Entities outside the roster that a session may have sent directed presence to. */
const mostDirected = 1000;

/** False when there is no room for one more. */
export function rememberDirected(session: LocalSession, to: Jid): boolean {
  const directed = (session.directed ??= new Set());
  if (directed.size >= mostDirected && !directed.has(to)) return false;
  directed.add(to);
  return true;
}

/** Forgets the contact and all their resources: they have been told that this session is gone. */
export function forgetDirected(session: LocalSession, contact: Jid): void {
  for (const jid of session.directed ?? []) if (jid.bare === contact) session.directed?.delete(jid);
}

/** Whether the session has shown itself to this entity, or to another resource of it. */
export function isShownTo(session: LocalSession, entity: Jid): boolean {
  for (const jid of session.directed ?? []) if (jid.bare === entity.bare) return true;
  return false;
}
