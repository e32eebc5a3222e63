// The first tables: accounts and what core and extensions keep of them. Whatever names an account goes with it.
import type { Migration } from "../migrate.js";

export const firstTables: Migration = {
  version: 1,
  sql: `
    CREATE TABLE accounts (
      id INTEGER PRIMARY KEY,
      host TEXT NOT NULL,
      user TEXT NOT NULL,
      credentials TEXT NOT NULL,
      is_disabled INTEGER NOT NULL,
      created_at INTEGER NOT NULL,
      roster_version INTEGER NOT NULL DEFAULT 0,
      roster_removal_version INTEGER NOT NULL DEFAULT 0,
      UNIQUE (host, user)
    ) STRICT;

    CREATE TABLE roster_items (
      account INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
      jid TEXT NOT NULL,
      name TEXT NOT NULL,
      subscription TEXT NOT NULL CHECK (subscription IN ('none', 'to', 'from', 'both')),
      is_asking INTEGER NOT NULL,
      is_approved INTEGER NOT NULL,
      groups TEXT NOT NULL,
      version INTEGER NOT NULL,
      PRIMARY KEY (account, jid)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE subscription_requests (
      arrival INTEGER PRIMARY KEY,
      account INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
      sender TEXT NOT NULL,
      stanza TEXT NOT NULL,
      UNIQUE (account, sender)
    ) STRICT;

    -- AUTOINCREMENT: a number is never used twice, so a late removal can't hit a newer message.
    CREATE TABLE offline_messages (
      sequence INTEGER PRIMARY KEY AUTOINCREMENT,
      account INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
      stored_at INTEGER NOT NULL,
      stanza TEXT NOT NULL
    ) STRICT;
    CREATE INDEX offline_messages_by_account ON offline_messages (account);

    -- What the quota is measured by, so that storing a message costs the same however many are there.
    CREATE TABLE offline_totals (
      account INTEGER PRIMARY KEY REFERENCES accounts ON DELETE CASCADE,
      messages INTEGER NOT NULL,
      bytes INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE user_values (
      account INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
      store TEXT NOT NULL,
      name TEXT NOT NULL,
      value TEXT NOT NULL,
      PRIMARY KEY (account, store, name)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE host_values (
      host TEXT NOT NULL,
      store TEXT NOT NULL,
      name TEXT NOT NULL,
      value TEXT NOT NULL,
      PRIMARY KEY (host, store, name)
    ) STRICT, WITHOUT ROWID;
  `,
};
