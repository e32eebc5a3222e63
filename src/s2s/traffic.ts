// Stanzas counted: of one stream, and of all streams with other servers together.
import type { StanzaKind } from "../stanza/stanza.js";

export interface Traffic {
  readonly received: Record<StanzaKind, number>;
  readonly sent: Record<StanzaKind, number>;
}

export function addTraffic(sum: Traffic, more: Traffic): void {
  for (const direction of ["received", "sent"] as const) {
    for (const kind of ["message", "presence", "iq"] as const) sum[direction][kind] += more[direction][kind];
  }
}

export function noTraffic(): Traffic {
  return { received: { message: 0, presence: 0, iq: 0 }, sent: { message: 0, presence: 0, iq: 0 } };
}
