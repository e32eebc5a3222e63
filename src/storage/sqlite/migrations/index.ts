// Every migration, oldest first. A migration that was released is never changed: a new one is added.
import type { Migration } from "../migrate.js";
import { firstTables } from "./0001-first-tables.js";
import { outboundStanzas } from "./0002-outbound-stanzas.js";
import { archives } from "./0003-archives.js";

export const migrations: readonly Migration[] = [firstTables, outboundStanzas, archives];
