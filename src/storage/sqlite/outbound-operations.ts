// Stanzas that wait for other servers, in SQLite.
import type { Database } from "better-sqlite3";
import type { OperationsOf, OutboundRow } from "../engine.js";

export function outboundOperations(database: Database): OperationsOf<"outbound"> {
  const append = database.prepare<[string, string, string, number]>(
    "INSERT INTO outbound_stanzas (local, remote, stanza, stored_at) VALUES (?, ?, ?, ?)",
  );
  const mark = database.prepare<[number, number]>("UPDATE outbound_stanzas SET is_sent = ? WHERE sequence = ?");
  const remove = database.prepare<[number]>("DELETE FROM outbound_stanzas WHERE sequence = ?");
  const read = database
    .prepare<[number, number], OutboundRow>(
      "SELECT sequence, local, remote, stanza, stored_at, is_sent FROM outbound_stanzas WHERE sequence > ? ORDER BY sequence LIMIT ?",
    )
    .raw();
  return {
    "outbound.append": (...cells) => Number(append.run(...cells).lastInsertRowid),
    "outbound.markSent": (sequences, isSent) => {
      for (const sequence of sequences) mark.run(isSent, sequence);
    },
    "outbound.remove": (sequences) => {
      for (const sequence of sequences) remove.run(sequence);
    },
    "outbound.read": (after, limit) => read.all(after, limit),
  };
}
