// What core does for an extension at any time while it runs.
import type { AccountProblem } from "../auth/accounts.js";
import type { Jid } from "../jid/jid.js";
import type { Stanza } from "../stanza/stanza.js";
import type { OfflineRecord, UnstoredRecord } from "../storage/records.js";
import type { Element } from "../xml/element.js";
import type { Account, Session } from "./session.js";

export interface HostServices {
  /** Sends a stanza on the road of ARCHITECTURE §2; `from` is the host itself unless said. */
  send(stanza: Stanza): void;
  /** Sends an IQ request and resolves with the result's payload; rejects with the StanzaError or after `timeout` ms. */
  request(to: Jid, type: "get" | "set", payload: Element, timeout?: number): Promise<Element | undefined>;
  /** Sends an IQ set from the account's bare JID to the sessions, expecting nothing of the answers (pushes). */
  push(account: Account, sessions: readonly Session[], payload: Element): void;
  /** The account with its hot state in memory; undefined when there is none. */
  account(jid: Jid): Promise<Account | undefined>;
  /** The sessions of a bare JID, without loading the account. */
  sessionsOf(jid: Jid): readonly Session[];
  /** All sessions of this host. */
  readonly sessions: Iterable<Session>;
  /** Names of the host features that all its extensions declared. */
  readonly features: readonly string[];
  /** Names of the account features that they declared. */
  readonly accountFeatures: readonly string[];
  readonly offline: OfflineMessages;
  /** What `job` stores before it returns, of accounts, in stores: after a crash all of it is on disk, or nothing. */
  together<T>(job: () => T): T;
  readonly accounts: AccountOperations;
  readonly admins: ReadonlySet<Jid>;
  /** Name and version of this program. */
  readonly software: { readonly name: string; readonly version: string };
}

/** Messages kept for an account until one of its sessions can take them. */
export interface OfflineMessages {
  /** False when the account's quota is used up: then nothing was stored. Durable when the promise resolves. Rejects with a StorageError "no-account". */
  append(account: Pick<Account, "key">, stanza: Stanza): Promise<boolean>;
  /**
   * The same stanza for many users of the host, in one commit; without a `to` each is sent it with their own. Resolves with
   * those who did not get it.
   */
  appendToAll(users: readonly string[], stanza: Stanza): Promise<readonly UnstoredRecord[]>;
  read(account: Account, after: number, limit: number): Promise<readonly OfflineRecord[]>;
  removeThrough(account: Account, sequence: number): Promise<void>;
  count(account: Account): Promise<number>;
}

/**
 * What may be done to accounts from inside the server. `user` is a prepared localpart. Resolves, once it is on disk, with
 * undefined, or with the reason why it can't be done.
 */
export interface AccountOperations {
  create(user: string, password: string): Promise<AccountProblem | undefined>;
  setPassword(user: string, password: string): Promise<AccountProblem | undefined>;
  /** Removes the account with everything it owns; then closes its sessions, which still get what was sent before. */
  remove(user: string): Promise<AccountProblem | undefined>;
}
