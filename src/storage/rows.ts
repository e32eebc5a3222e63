// Between the records that the server sees and the rows of plain cells that engines keep.
import type {
  AccountRow,
  ArchiveRow,
  HotRow,
  OfflineRow,
  OutboundRow,
  RangeCells,
  RosterRow,
  StateRow,
  UnstoredRow,
} from "./engine.js";
import type {
  AccountKey,
  AccountRecord,
  AccountState,
  ArchivedMessage,
  ArchiveRange,
  Credentials,
  OfflineRecord,
  OutboundRecord,
  RosterItemRecord,
  ScramKeys,
  Subscription,
  UnstoredRecord,
} from "./records.js";
import { StorageError } from "./storage-error.js";

export function toAccount(host: string, [user, credentials, isDisabled, createdAt]: AccountRow): AccountRecord {
  return { host, user, credentials: readCredentials(credentials), isDisabled: isDisabled === 1, createdAt };
}

export function toState(
  { host }: AccountKey,
  [account, version, removal, roster, requests, hot]: StateRow,
): AccountState {
  return {
    account: toAccount(host, account),
    rosterVersion: version,
    rosterRemovalVersion: removal,
    roster: roster.map(toRosterItem),
    requests: requests.map(([from, stanza]) => ({ from, stanza })),
    values: toValues(hot),
  };
}

function toRosterItem([jid, name, subscription, isAsking, isApproved, groups, version]: RosterRow): RosterItemRecord {
  return {
    jid,
    name,
    subscription: readSubscription(subscription),
    isAsking: isAsking === 1,
    isApproved: isApproved === 1,
    groups: readGroups(groups),
    version,
  };
}

export function fromRosterItem(item: RosterItemRecord): RosterRow {
  const { jid, name, subscription, isAsking, isApproved, groups, version } = item;
  return [jid, name, subscription, Number(isAsking), Number(isApproved), JSON.stringify(groups), version];
}

export function toOffline([sequence, stanza, storedAt]: OfflineRow): OfflineRecord {
  return { sequence, stanza, storedAt };
}

export function toUnstored([user, isKnown]: UnstoredRow): UnstoredRecord {
  return { user, isKnown: isKnown === 1 };
}

export function toOutbound([sequence, local, remote, stanza, storedAt, isSent]: OutboundRow): OutboundRecord {
  return { sequence, local, remote, stanza, storedAt, isSent: isSent === 1 };
}

export function toArchived([id, at, partner, stanza]: ArchiveRow): ArchivedMessage {
  return { id, at, with: partner, stanza };
}

export function fromArchived({ id, at, with: partner, stanza }: ArchivedMessage): ArchiveRow {
  return [id, at, partner, stanza];
}

export function fromRange({ after, before, since, until, with: partner }: ArchiveRange): RangeCells {
  return [after ?? null, before ?? null, since ?? -Infinity, until ?? Infinity, partner ?? ""];
}

/** Objects without a prototype: a store or a key may be called "constructor". */
function toValues(rows: readonly HotRow[]): AccountState["values"] {
  const values = Object.create(null) as Record<string, Record<string, string>>;
  for (const [store, name, value] of rows) {
    (values[store] ??= Object.create(null) as Record<string, string>)[name] = value;
  }
  return values;
}

function readSubscription(text: string): Subscription {
  if (text === "none" || text === "to" || text === "from" || text === "both") return text;
  throw unreadable(`the subscription "${text}"`);
}

function readGroups(text: string): readonly string[] {
  if (text === "[]") return [];
  const groups: unknown = JSON.parse(text);
  if (Array.isArray(groups) && groups.every((group) => typeof group === "string")) return groups;
  throw unreadable("roster groups that are not a list of names");
}

function readCredentials(text: string): Credentials {
  const credentials: unknown = JSON.parse(text);
  if (isCredentials(credentials)) return credentials;
  throw unreadable("credentials that are not of a known form");
}

function isCredentials(value: unknown): value is Credentials {
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).every(([kind, content]) => (kind === "bcrypt" ? isText(content) : isScramKeys(content)));
}

function isScramKeys(value: unknown): value is ScramKeys {
  if (typeof value !== "object" || value === null) return false;
  const { salt, iterations, storedKey, serverKey } = value as Partial<Record<keyof ScramKeys, unknown>>;
  return isText(salt) && typeof iterations === "number" && isText(storedKey) && isText(serverKey);
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function unreadable(what: string): StorageError {
  return new StorageError("unreadable", `The database holds ${what}.`);
}
