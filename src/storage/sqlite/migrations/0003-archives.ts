// Archives of messages, by owner, and named maps of hosts.
import type { Migration } from "../migrate.js";

export const archives: Migration = {
  version: 3,
  sql: `
    -- An archive is named by a number, so that messages and their indexes are small.
    CREATE TABLE archives (
      id INTEGER PRIMARY KEY,
      host TEXT NOT NULL,
      store TEXT NOT NULL,
      owner TEXT NOT NULL,
      UNIQUE (host, store, owner)
    ) STRICT;

    -- Rows lie in the order in which they came, of all archives, so that storing one writes at the end of the table. The
    -- position orders the messages of an archive and tells their time (archive-order.ts).
    CREATE TABLE archived_messages (
      sequence INTEGER PRIMARY KEY,
      archive INTEGER NOT NULL REFERENCES archives ON DELETE CASCADE,
      position INTEGER NOT NULL,
      id TEXT NOT NULL,
      at INTEGER NOT NULL,
      partner TEXT NOT NULL,
      stanza TEXT NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX archived_messages_by_position ON archived_messages (archive, position);
    CREATE UNIQUE INDEX archived_messages_by_id ON archived_messages (archive, id);
    -- Rooms name no partner, and pay nothing for this.
    CREATE INDEX archived_messages_by_partner ON archived_messages (archive, partner, position) WHERE partner <> '';

    CREATE TABLE host_collections (
      host TEXT NOT NULL,
      store TEXT NOT NULL,
      collection TEXT NOT NULL,
      name TEXT NOT NULL,
      value TEXT NOT NULL,
      PRIMARY KEY (host, store, collection, name)
    ) STRICT, WITHOUT ROWID;
  `,
};
