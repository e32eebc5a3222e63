// A database of any older version becomes one of today, with all that is in it; a newer one is refused.
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";
import SqliteDatabase, { type Database } from "better-sqlite3";
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { migrate, versionOf } from "../../../src/storage/sqlite/migrate.js";
import { migrations } from "../../../src/storage/sqlite/migrations/index.js";
import { sqliteStorage } from "../../../src/storage/sqlite/sqlite-storage.js";
import { ball } from "../archives.js";
import { romeo } from "../people.js";
import { dataFolder, type DataFolder } from "./data-folder.js";

const newest = migrations.length;

const firstSample = `
  INSERT INTO accounts (id, host, user, credentials, is_disabled, created_at, roster_version, roster_removal_version)
    VALUES (7, '${romeo.host}', 'romeo', '${JSON.stringify(romeo.credentials)}', 0, ${romeo.createdAt}, 3, 2);
  INSERT INTO roster_items VALUES (7, 'juliet@verona.example', 'J', 'both', 0, 1, '["Loves"]', 3);
  INSERT INTO subscription_requests VALUES (1, 7, 'paris@verona.example', '<presence/>');
  INSERT INTO offline_messages VALUES (41, 7, 5, '<message/>');
  INSERT INTO offline_totals VALUES (7, 1, 10);
  INSERT INTO user_values VALUES (7, 'mood', '', 'sad');
  INSERT INTO host_values VALUES ('${romeo.host}', 'motd', '', 'peace');`;

const secondSample = `${firstSample}
  INSERT INTO outbound_stanzas VALUES (17, '${romeo.host}', 'mantua.example', 6, 1, '<iq/>');`;

/** What a database of each version holds; a new migration adds here what its version is to bring over. */
const samples: Readonly<Record<number, string>> = {
  0: "",
  1: firstSample,
  2: secondSample,
  3: `${secondSample}
  INSERT INTO archives VALUES (5, '${ball.host}', '${ball.store}', '${ball.owner}');
  INSERT INTO archived_messages VALUES (3, 5, ${1024 * 9}, 'a', 9, '', '<message/>');
  INSERT INTO host_collections VALUES ('${romeo.host}', 'affiliations', 'ball', 'capulet@verona.example', 'owner');`,
};

describe("migrations", () => {
  let folder: DataFolder;
  beforeEach(() => {
    folder = dataFolder();
    mkdirSync(dirname(folder.path));
  });
  afterEach(() => folder.remove());

  /** A database as a program of that version left it. */
  const databaseOf = (version: number): Database => {
    const database = new SqliteDatabase(folder.path);
    migrate(database, migrations.slice(0, version));
    database.exec(samples[version] ?? assert.fail(`There is no sample of version ${version}.`));
    return database;
  };

  test("they are numbered 1, 2, 3, …", () => {
    assert.deepEqual(
      migrations.map(({ version }) => version),
      Array.from({ length: newest }, (_, index) => index + 1),
    );
  });

  for (let version = 0; version <= newest; version += 1) {
    test(`from version ${version}, the tables become those of a new database`, () => {
      const fresh = new SqliteDatabase(":memory:");
      migrate(fresh, migrations);
      const migrated = databaseOf(version);
      migrate(migrated, migrations);
      assert.equal(versionOf(migrated), newest);
      assert.deepEqual(schemaOf(migrated), schemaOf(fresh));
      migrated.close();
    });
  }

  for (let version = 1; version <= newest; version += 1) {
    test(`from version ${version}, everything is still there`, async () => {
      databaseOf(version).close();
      const storage = await sqliteStorage(folder.path);
      const state = await storage.accounts.load(romeo, ["mood"]);
      assert.deepEqual(state?.account, romeo);
      assert.deepEqual([state.rosterVersion, state.rosterRemovalVersion], [3, 2]);
      assert.deepEqual(state.roster, [
        {
          jid: "juliet@verona.example",
          name: "J",
          subscription: "both",
          isAsking: false,
          isApproved: true,
          groups: ["Loves"],
          version: 3,
        },
      ]);
      assert.deepEqual(state.requests, [{ from: "paris@verona.example", stanza: "<presence/>" }]);
      assert.equal(state.values["mood"]?.[""], "sad");
      assert.deepEqual(await storage.offline.read(romeo, 0, 9), [{ sequence: 41, stanza: "<message/>", storedAt: 5 }]);
      assert.equal(await storage.offline.append(romeo, "1", 6, { messages: 9, bytes: 10 }), false);
      assert.equal(await storage.offline.append(romeo, "1", 6, { messages: 9, bytes: 11 }), true);
      assert.equal(await storage.hostValues.get(romeo.host, "motd", ""), "peace");
      const outbound = { sequence: 17, local: romeo.host, remote: "mantua.example", stanza: "<iq/>", storedAt: 6 };
      assert.deepEqual(await storage.outbound.read(0, 9), version < 2 ? [] : [{ ...outbound, isSent: true }]);
      assert.equal(await storage.outbound.append(romeo.host, "mantua.example", "", 7), version < 2 ? 1 : 18);
      const [archived] = await storage.archive.first(ball, 9, { since: 9, until: 9 });
      assert.deepEqual(archived, version < 3 ? undefined : { id: "a", at: 9, with: "", stanza: "<message/>" });
      const owner = await storage.hostCollections.get(romeo.host, "affiliations", "ball", "capulet@verona.example");
      assert.equal(owner, version < 3 ? undefined : "owner");
      await storage.close();
    });
  }

  test("a step that fails leaves the database as it was", () => {
    const database = databaseOf(newest);
    const before = schemaOf(database);
    const broken = { version: newest + 1, sql: "CREATE TABLE half (done); CREATE TABLE accounts (again)" };
    assert.throws(() => migrate(database, [...migrations, broken]), /already exists/);
    assert.equal(versionOf(database), newest);
    assert.deepEqual(schemaOf(database), before);
    database.close();
  });

  test("a database of a newer program is refused in a plain sentence", async () => {
    const database = databaseOf(newest);
    database.pragma(`user_version = ${newest + 1}`);
    database.close();
    await assert.rejects(sqliteStorage(folder.path), {
      name: "StorageError",
      code: "too-new",
      message:
        `The database ${folder.path} has version ${newest + 1}, and this program knows versions up to ${newest}. ` +
        "A newer program has used it: start that one, or go back to a copy of the database made before.",
    });
  });
});

function schemaOf(database: Database): readonly unknown[] {
  return database.prepare("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name").all();
}
