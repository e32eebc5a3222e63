// Stanzas that wait for other servers, in memory.
import type { OperationsOf, OutboundRow } from "../engine.js";

export function outboundOperations(): OperationsOf<"outbound"> {
  const rows = new Map<number, OutboundRow>();
  let latest = 0;
  return {
    "outbound.append": (local, remote, stanza, storedAt) => {
      latest += 1;
      rows.set(latest, [latest, local, remote, stanza, storedAt, 0]);
      return latest;
    },
    "outbound.markSent": (sequences, isSent) => {
      for (const sequence of sequences) {
        const row = rows.get(sequence);
        if (row !== undefined) rows.set(sequence, marked(row, isSent));
      }
    },
    "outbound.remove": (sequences) => {
      for (const sequence of sequences) rows.delete(sequence);
    },
    "outbound.read": (after, limit) => [...rows.values()].filter(([sequence]) => sequence > after).slice(0, limit),
  };
}

function marked([sequence, local, remote, stanza, storedAt]: OutboundRow, isSent: number): OutboundRow {
  return [sequence, local, remote, stanza, storedAt, isSent];
}
