// What commands act on. Inside the server it is the server; else what can be had from its storage.
import type { Accounts } from "../auth/accounts.js";
import type { RoomOperations } from "../extension/room-operations.js";
import type { Jid } from "../jid/jid.js";
import type { Trace } from "../observability/trace.js";
import type { AccountKey, RosterItemRecord } from "../storage/records.js";
import type { FederationSummary } from "../s2s/summary.js";
import { refuse } from "./failure.js";

export type AccountOperations = Pick<
  Accounts,
  "create" | "importAccount" | "changePassword" | "disable" | "enable" | "delete" | "show" | "list"
>;

export interface CommandContext {
  /** Domains that are served. */
  readonly hosts: readonly string[];
  readonly accounts: AccountOperations;
  /** Undefined when there is no such account. */
  roster(key: AccountKey): Promise<readonly RosterItemRecord[] | undefined>;
  offlineCount(key: AccountKey): Promise<number>;
  /** Undefined when the command runs on the storage alone. */
  readonly server: ServerOperations | undefined;
}

/** One bound stream, in plain values. */
export interface SessionSummary {
  readonly address: string;
  /** "available", "away" … as in presence's show; "connected": it has not sent presence. */
  readonly presence: string;
  readonly priority: number;
  readonly transport: string;
  /** "TLSv1.3 …"; null in clear. */
  readonly encryption: string | null;
  readonly mechanism: string;
  readonly remoteAddress: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly lastReceivedAt: number;
}

/** One configured component, in plain values. */
export interface ComponentSummary {
  readonly domain: string;
  /** Null while it is not connected; likewise below. */
  readonly remoteAddress: string | null;
  /** Milliseconds since 1970. */
  readonly startedAt: number | null;
  readonly lastReceivedAt: number | null;
  /** Bytes that wait until it reads on, about. */
  readonly waiting: number | null;
}

export interface LetterFromServer {
  /** A domain that is served. */
  readonly from: string;
  readonly to: Jid;
  readonly body: string;
  readonly subject: string | undefined;
  /** "normal" opens a window of its own in most clients, "chat" and "headline" do not. */
  readonly type: "normal" | "chat" | "headline";
}

/** What only a running server can do. */
export interface ServerOperations {
  /** Of one address (a domain, an account, a session), or all. */
  sessions(address: Jid | undefined): readonly SessionSummary[];
  /** All that are configured, connected or not. */
  components(): readonly ComponentSummary[];
  /** Ends the sessions of an account or one session; returns their addresses. */
  closeSessions(address: Jid, reason: string | undefined): readonly string[];
  /** Sends it on the road that all stanzas take. */
  send(letter: LetterFromServer): void;
  /** Streams, queues and failures with other servers; only those with one domain, or all. */
  federation(remote: string | undefined): FederationSummary;
  /** Of each host that has rooms. */
  readonly rooms: readonly RoomOperations[];
  readonly trace: Pick<Trace, "subscribe">;
  /** Reads the configuration again. Resolves with what was taken over and what needs a restart. */
  reload(): Promise<ReloadReport>;
  /** Begins the staged shutdown; returns at once. */
  stop(): void;
  readonly processId: number;
}

export interface ReloadReport {
  readonly file: string;
  /** Sections and tables whose changes only count after a restart. */
  readonly needsRestart: readonly string[];
}

/** The key of an account of ours; refuses one of a domain that is not served. */
export function keyOf(context: CommandContext, address: Jid): AccountKey {
  requireHost(context, address.domain);
  return { host: address.domain, user: address.local };
}

export function requireHost({ hosts }: CommandContext, domain: string): void {
  if (!hosts.includes(domain)) refuse(`${domain} is not served here. Served: ${hosts.join(", ")}.`);
}

/** For commands that only make sense with a running server; the registry says so, this tells the types. */
export function serverOf({ server }: CommandContext): ServerOperations {
  return server ?? refuse("This needs a running server.");
}
