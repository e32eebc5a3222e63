// Stanzas that wait for other servers, so that a crash or a restart does not lose them.
import type { Migration } from "../migrate.js";

export const outboundStanzas: Migration = {
  version: 2,
  sql: `
    -- AUTOINCREMENT: a number is never used twice, so a late removal can't hit a newer stanza. There is no index: rows are
    -- found by their numbers, and the table is read whole, at the start.
    CREATE TABLE outbound_stanzas (
      sequence INTEGER PRIMARY KEY AUTOINCREMENT,
      local TEXT NOT NULL,
      remote TEXT NOT NULL,
      stored_at INTEGER NOT NULL,
      is_sent INTEGER NOT NULL DEFAULT 0,
      stanza TEXT NOT NULL
    ) STRICT;
  `,
};
