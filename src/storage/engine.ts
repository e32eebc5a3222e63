// The synchronous side of storage, which drivers implement: every operation on flat arguments and rows of plain cells,
// so that a worker thread is handed them cheaply, plus transactions.

/** user, credentials (JSON), is disabled (0 or 1), created at. */
export type AccountRow = readonly [user: string, credentials: string, isDisabled: number, createdAt: number];

/** In the order of RosterItemRecord; booleans are 0 or 1, groups a JSON array. */
export type RosterRow = readonly [
  jid: string,
  name: string,
  subscription: string,
  isAsking: number,
  isApproved: number,
  groups: string,
  version: number,
];
export type RequestRow = readonly [from: string, stanza: string];
export type OfflineRow = readonly [sequence: number, stanza: string, storedAt: number];
/** Who did not get a message that was stored for many, and whether there is such an account (0 or 1). */
export type UnstoredRow = readonly [user: string, isKnown: number];
/** In the order of OutboundRecord; is sent is 0 or 1. */
export type OutboundRow = readonly [
  sequence: number,
  local: string,
  remote: string,
  stanza: string,
  storedAt: number,
  isSent: number,
];
/** In the order of ArchivedMessage. */
export type ArchiveRow = readonly [id: string, at: number, partner: string, stanza: string];
/** In the order of ArchiveRange; infinite times bound nothing. */
export type RangeCells = readonly [
  after: string | null,
  before: string | null,
  since: number,
  until: number,
  partner: string,
];
export type EntryRow = readonly [name: string, value: string];
export type HotRow = readonly [store: string, name: string, value: string];

/** What AccountState is made of. */
export type StateRow = readonly [
  account: AccountRow,
  rosterVersion: number,
  rosterRemovalVersion: number,
  roster: readonly RosterRow[],
  requests: readonly RequestRow[],
  hot: readonly HotRow[],
];

/** The operations of Storage, by "group.operation"; what each does is said there. */
export interface Operations {
  "accounts.get"(host: string, user: string): AccountRow | undefined;
  "accounts.create"(host: string, user: string, credentials: string, isDisabled: number, createdAt: number): boolean;
  "accounts.setCredentials"(host: string, user: string, credentials: string): boolean;
  "accounts.setDisabled"(host: string, user: string, isDisabled: number): boolean;
  "accounts.remove"(host: string, user: string): boolean;
  "accounts.list"(host: string, after: string, limit: number): readonly AccountRow[];
  "accounts.load"(host: string, user: string, hot: readonly string[]): StateRow | undefined;
  "roster.put"(host: string, user: string, ...item: RosterRow): void;
  "roster.remove"(host: string, user: string, jid: string, version: number): void;
  "roster.putRequest"(host: string, user: string, from: string, stanza: string): void;
  "roster.removeRequest"(host: string, user: string, from: string): void;
  "offline.append"(
    host: string,
    user: string,
    stanza: string,
    storedAt: number,
    mostMessages: number,
    mostBytes: number,
  ): boolean;
  "offline.appendToAll"(
    host: string,
    users: readonly string[],
    stanza: string,
    storedAt: number,
    mostMessages: number,
    mostBytes: number,
  ): readonly UnstoredRow[];
  "offline.read"(host: string, user: string, after: number, limit: number): readonly OfflineRow[];
  "offline.removeThrough"(host: string, user: string, sequence: number): void;
  "offline.count"(host: string, user: string): number;
  "outbound.append"(local: string, remote: string, stanza: string, storedAt: number): number;
  "outbound.markSent"(sequences: readonly number[], isSent: number): void;
  "outbound.remove"(sequences: readonly number[]): void;
  "outbound.read"(after: number, limit: number): readonly OutboundRow[];
  "userValues.get"(host: string, user: string, store: string, name: string): string | undefined;
  "userValues.set"(host: string, user: string, store: string, name: string, value: string): void;
  "userValues.remove"(host: string, user: string, store: string, name: string): void;
  "userValues.entries"(host: string, user: string, store: string): readonly EntryRow[];
  "hostValues.get"(host: string, store: string, name: string): string | undefined;
  "hostValues.set"(host: string, store: string, name: string, value: string): void;
  "hostValues.remove"(host: string, store: string, name: string): void;
  "hostValues.entries"(host: string, store: string): readonly EntryRow[];
  "hostValues.page"(host: string, store: string, after: string, limit: number): readonly EntryRow[];
  "hostCollections.get"(host: string, store: string, collection: string, name: string): string | undefined;
  "hostCollections.set"(host: string, store: string, collection: string, name: string, value: string): void;
  "hostCollections.remove"(host: string, store: string, collection: string, name: string): void;
  "hostCollections.entries"(host: string, store: string, collection: string): readonly EntryRow[];
  "hostCollections.clear"(host: string, store: string, collection: string): void;
  "archive.append"(host: string, store: string, owner: string, ...message: ArchiveRow): void;
  "archive.first"(
    host: string,
    store: string,
    owner: string,
    limit: number,
    ...range: RangeCells
  ): readonly ArchiveRow[];
  "archive.last"(
    host: string,
    store: string,
    owner: string,
    limit: number,
    ...range: RangeCells
  ): readonly ArchiveRow[];
  "archive.get"(host: string, store: string, owner: string, id: string): ArchiveRow | undefined;
  "archive.replace"(host: string, store: string, owner: string, id: string, stanza: string): boolean;
  "archive.count"(host: string, store: string, owner: string, ...range: RangeCells): number;
  "archive.trim"(host: string, store: string, owner: string, keep: number, since: number): number;
  "archive.clear"(host: string, store: string, owner: string): void;
}

export type OperationName = keyof Operations;

/** The operations of one group, for drivers that are written group by group. */
export type OperationsOf<Group extends string> = Pick<Operations, Extract<OperationName, `${Group}.${string}`>>;

/** How many arguments each operation takes: a batch is one flat array of names and arguments. */
export const argumentCounts: { readonly [N in OperationName]: Parameters<Operations[N]>["length"] } = {
  "accounts.get": 2,
  "accounts.create": 5,
  "accounts.setCredentials": 3,
  "accounts.setDisabled": 3,
  "accounts.remove": 2,
  "accounts.list": 3,
  "accounts.load": 3,
  "roster.put": 9,
  "roster.remove": 4,
  "roster.putRequest": 4,
  "roster.removeRequest": 3,
  "offline.append": 6,
  "offline.appendToAll": 6,
  "offline.read": 4,
  "offline.removeThrough": 3,
  "offline.count": 2,
  "outbound.append": 4,
  "outbound.markSent": 2,
  "outbound.remove": 1,
  "outbound.read": 2,
  "userValues.get": 4,
  "userValues.set": 5,
  "userValues.remove": 4,
  "userValues.entries": 3,
  "hostValues.get": 3,
  "hostValues.set": 4,
  "hostValues.remove": 3,
  "hostValues.entries": 2,
  "hostValues.page": 4,
  "hostCollections.get": 4,
  "hostCollections.set": 5,
  "hostCollections.remove": 4,
  "hostCollections.entries": 3,
  "hostCollections.clear": 3,
  "archive.append": 7,
  "archive.first": 9,
  "archive.last": 9,
  "archive.get": 4,
  "archive.replace": 5,
  "archive.count": 8,
  "archive.trim": 5,
  "archive.clear": 3,
};

/** One driver, used by one thread. */
export interface Engine {
  readonly operations: Operations;
  begin(): void;
  /** Returns once everything since begin() is on disk. */
  commit(): void;
  /** Undoes everything since begin(), as far as that is still open. */
  rollback(): void;
  /**
   * Runs one operation of the transaction so that it happens wholly or not at all. Throws a StorageError: with code
   * "failed" when the whole transaction is lost, otherwise only this operation is.
   */
  attempt<T>(operation: () => T): T;
  close(): void;
}

/** Says that the account written to does not exist. */
export const noAccountSentence = "There is no such account.";
