// Reading a page of an archive or of a map costs the same however much is there: SQLite searches one index, and sorts nothing.
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";
import SqliteDatabase, { type Database } from "better-sqlite3";
import { runBatch } from "../../../src/storage/batch.js";
import type { OperationName } from "../../../src/storage/engine.js";
import { migrate } from "../../../src/storage/sqlite/migrate.js";
import { migrations } from "../../../src/storage/sqlite/migrations/index.js";
import { SqliteEngine } from "../../../src/storage/sqlite/sqlite-engine.js";
import { ball } from "../archives.js";

const owner = [ball.host, ball.store, ball.owner] as const;
const everything = [null, null, 1, 9, ""] as const;
const withParis = [null, null, 1, 9, "paris"] as const;
const byPosition = "archived_messages_by_position (archive=? AND position>? AND position<?)";
const byPartner = "archived_messages_by_partner (archive=? AND partner=? AND position>? AND position<?)";

describe("query plans", () => {
  let database: Database;
  let engine: SqliteEngine;
  /** What was run since it was emptied, parameters filled in. */
  const statements: string[] = [];
  beforeEach(() => {
    database = new SqliteDatabase(":memory:", { verbose: (sql) => statements.push(String(sql)) });
    migrate(database, migrations);
    engine = new SqliteEngine(database);
    engine.operations["archive.append"](...owner, "a", 1, "paris", "<message/>");
  });
  afterEach(() => engine.close());

  /** The plan of the statement that the operation runs last, but for those of the transaction. */
  const planOf = (name: OperationName, ...cells: readonly unknown[]): readonly string[] => {
    statements.length = 0;
    assert.deepEqual(runBatch(engine, [name, ...cells]).refusals, []);
    const sql =
      statements.findLast((statement) => /^(SELECT|INSERT|DELETE) /.test(statement)) ??
      assert.fail(`${name} ran nothing`);
    return database
      .prepare<[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
      .all()
      .map(({ detail }) => detail);
  };

  const plans: readonly (readonly [OperationName, readonly unknown[], string])[] = [
    ["archive.first", [...owner, 9, ...everything], `SEARCH archived_messages USING INDEX ${byPosition}`],
    ["archive.last", [...owner, 9, ...everything], `SEARCH archived_messages USING INDEX ${byPosition}`],
    ["archive.count", [...owner, ...everything], `SEARCH archived_messages USING COVERING INDEX ${byPosition}`],
    ["archive.first", [...owner, 9, ...withParis], `SEARCH archived_messages USING INDEX ${byPartner}`],
    ["archive.last", [...owner, 9, ...withParis], `SEARCH archived_messages USING INDEX ${byPartner}`],
    ["archive.count", [...owner, ...withParis], `SEARCH archived_messages USING COVERING INDEX ${byPartner}`],
    [
      "archive.get",
      [...owner, "a"],
      "SEARCH archived_messages USING INDEX archived_messages_by_id (archive=? AND id=?)",
    ],
    [
      "archive.trim",
      [...owner, 9, 0],
      "SEARCH archived_messages USING COVERING INDEX archived_messages_by_position (archive=? AND position<?)",
    ],
    [
      "hostValues.page",
      [ball.host, "rooms", "", 9],
      "SEARCH host_values USING PRIMARY KEY (host=? AND store=? AND name>?)",
    ],
    [
      "hostCollections.entries",
      [ball.host, "affiliations", "ball"],
      "SEARCH host_collections USING PRIMARY KEY (host=? AND store=? AND collection=?)",
    ],
  ];
  for (const [name, cells, plan] of plans) {
    test(`${name}(${cells.map(String).join()})`, () => assert.deepEqual(planOf(name, ...cells), [plan]));
  }

  test("where a new message goes is looked up in the index", () => {
    const plan = planOf("archive.append", ...owner, "b", 2, "", "<message/>");
    assert.deepEqual(plan, [
      "SCALAR SUBQUERY 1",
      "SEARCH archived_messages USING COVERING INDEX archived_messages_by_position (archive=?)",
    ]);
  });
});
