// The priority of a presence (RFC 6121 §4.7.2.3).
import type { Stanza } from "../stanza/stanza.js";

const clientNamespace = "jabber:client";

/** The priority, 0 when none is said; undefined when it is no integer from −128 to 127. */
export function priorityOf(presence: Stanza): number | undefined {
  const element = presence.child(clientNamespace, "priority");
  if (element === undefined) return 0;
  const text = element.getText().trim();
  if (!/^[+-]?\d{1,3}$/.test(text)) return undefined;
  const priority = Number(text);
  return priority >= -128 && priority <= 127 ? priority : undefined;
}
