// Archives in SQLite: every read is a range of one index.
import type { Database } from "better-sqlite3";
import { beforeTime, boundsOf, isTakenSentence, positionsOfMillisecond } from "../archive-order.js";
import type { ArchiveRow, OperationsOf, RangeCells } from "../engine.js";
import { StorageError } from "../storage-error.js";
import { ArchiveIds } from "./archive-ids.js";

type Archives = OperationsOf<"archive">;

export function archiveOperations(database: Database): Archives {
  const ids = new ArchiveIds(database);
  const get = database
    .prepare<[number, string], ArchiveRow>(
      "SELECT id, at, partner, stanza FROM archived_messages WHERE archive = ? AND id = ?",
    )
    .raw();
  const replace = database.prepare<[string, number, string]>(
    "UPDATE archived_messages SET stanza = ? WHERE archive = ? AND id = ?",
  );
  return {
    "archive.append": appending(database, ids),
    ...reading(database, ids),
    "archive.get": (host, store, owner, id) => {
      const archive = ids.find(host, store, owner);
      return archive === undefined ? undefined : get.get(archive, id);
    },
    "archive.replace": (host, store, owner, id, stanza) => {
      const archive = ids.find(host, store, owner);
      return archive !== undefined && replace.run(stanza, archive, id).changes > 0;
    },
    "archive.trim": trimming(database, ids),
    "archive.clear": (host, store, owner) => ids.remove(host, store, owner),
  };
}

function appending(database: Database, ids: ArchiveIds): Archives["archive.append"] {
  const insert = database.prepare<[{ archive: number; id: string; at: number; partner: string; stanza: string }]>(
    `INSERT INTO archived_messages (archive, position, id, at, partner, stanza) VALUES (:archive,
       max(:at * ${positionsOfMillisecond}, ifnull(1 + (SELECT position FROM archived_messages
         WHERE archive = :archive ORDER BY position DESC LIMIT 1), :at * ${positionsOfMillisecond})),
       :id, :at, :partner, :stanza) ON CONFLICT (archive, id) DO NOTHING`,
  );
  return (host, store, owner, id, at, partner, stanza) => {
    const archive = ids.find(host, store, owner) ?? ids.create(host, store, owner);
    const { changes } = insert.run({ archive, id, at, partner, stanza });
    if (changes === 0) throw new StorageError("refused", isTakenSentence(id));
  };
}

function reading(
  database: Database,
  ids: ArchiveIds,
): Pick<Archives, "archive.first" | "archive.last" | "archive.count"> {
  const position = database
    .prepare<[number, string], number>("SELECT position FROM archived_messages WHERE archive = ? AND id = ?")
    .pluck();
  const ofAll = rangeStatements(database, "archive = :archive");
  const ofPartner = rangeStatements(database, "archive = :archive AND partner = :partner AND partner <> ''");
  /** Runs what `read` makes of the right statements and what they are to be given. */
  const within = <T>(
    archive: number | undefined,
    range: RangeCells,
    read: (statements: RangeStatements, place: RangePlace) => T,
  ): T => {
    const bounds = boundsOf(range, (id) => (archive === undefined ? undefined : position.get(archive, id)));
    const partner = range[4];
    return read(partner === "" ? ofAll : ofPartner, { archive: archive ?? noArchive, partner, ...bounds });
  };
  return {
    "archive.first": (host, store, owner, limit, ...range) =>
      within(ids.find(host, store, owner), range, ({ first }, place) => first.all({ ...place, limit })),
    "archive.last": (host, store, owner, limit, ...range) =>
      within(ids.find(host, store, owner), range, ({ last }, place) => last.all({ ...place, limit }).reverse()),
    "archive.count": (host, store, owner, ...range) =>
      within(ids.find(host, store, owner), range, ({ count }, place) => count.get(place) ?? 0),
  };
}

/** SQLite numbers rows from 1. */
const noArchive = 0;

interface RangePlace {
  readonly archive: number;
  readonly partner: string;
  readonly low: number;
  readonly high: number;
}

type RangeStatements = ReturnType<typeof rangeStatements>;

function rangeStatements(database: Database, whose: string) {
  const from = `FROM archived_messages WHERE ${whose} AND position > :low AND position < :high`;
  const inOrder = (order: string) =>
    database
      .prepare<[RangePlace & { readonly limit: number }], ArchiveRow>(
        `SELECT id, at, partner, stanza ${from} ORDER BY position ${order} LIMIT :limit`,
      )
      .raw();
  return {
    first: inOrder("ASC"),
    last: inOrder("DESC"),
    count: database.prepare<[RangePlace], number>(`SELECT count(*) ${from}`).pluck(),
  };
}

function trimming(database: Database, ids: ArchiveIds): Archives["archive.trim"] {
  const surplus = database
    .prepare<[number, number], number>(
      "SELECT position FROM archived_messages WHERE archive = ? ORDER BY position DESC LIMIT 1 OFFSET ?",
    )
    .pluck();
  const remove = database.prepare<[number, number]>(
    "DELETE FROM archived_messages WHERE archive = ? AND position <= ?",
  );
  return (host, store, owner, keep, since) => {
    const archive = ids.find(host, store, owner);
    if (archive === undefined) return 0;
    const latestSurplus = Number.isFinite(keep) ? (surplus.get(archive, keep) ?? -Infinity) : -Infinity;
    return remove.run(archive, Math.max(latestSurplus, beforeTime(since))).changes;
  };
}
