// An account of this server with its hot state in memory (ARCHITECTURE §3.2).
import type { Account } from "../extension/session.js";
import { Roster } from "../im/roster.js";
import type { Jid } from "../jid/jid.js";
import type { Stanza } from "../stanza/stanza.js";
import type { AccountKey, AccountState } from "../storage/records.js";
import type { LocalSession } from "./local-session.js";

export interface Farewell {
  /** Undefined when it was too long to be kept. */
  readonly presence: Stanza | undefined;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export class LocalAccount implements Account {
  readonly roster: Roster;
  /** A new list at each change: who walks through it may cause one, such as a session that overflows. */
  sessions: readonly LocalSession[] = [];
  isStored = true;
  /** How many sessions and pending changes keep it in memory. */
  pins = 0;
  /** How the last available resource went, and when (RFC 6121 §4.3.2); for as long as we remember it. */
  farewell: Farewell | undefined;
  /** What the hot stores of extensions had when the account was loaded. */
  readonly values: AccountState["values"];

  constructor(
    readonly jid: Jid,
    readonly key: AccountKey,
    state: Pick<AccountState, "roster" | "requests" | "rosterVersion" | "rosterRemovalVersion" | "values">,
  ) {
    this.roster = new Roster(state);
    this.values = state.values;
  }

  /** An account that nothing is kept of. */
  static empty(jid: Jid): LocalAccount {
    const state = { roster: [], requests: [], rosterVersion: 0, rosterRemovalVersion: 0, values: {} };
    const account = new LocalAccount(jid, { host: jid.domain, user: jid.local }, state);
    account.isStored = false;
    return account;
  }

  /** The session with exactly this full JID, available or not. */
  session(jid: Jid): LocalSession | undefined {
    for (const session of this.sessions) if (session.jid === jid) return session;
    return undefined;
  }
}
