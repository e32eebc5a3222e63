// What follows when an account is changed: sessions end, memory forgets, extensions and contacts are told.
import type { Accounts } from "../auth/accounts.js";
import { Jid } from "../jid/jid.js";
import type { LocalAccount } from "../routing/local-account.js";
import type { LocalHost } from "../routing/local-host.js";
import type { Router } from "../routing/router.js";
import type { AccountKey } from "../storage/records.js";

export class AccountWatch {
  constructor(
    private readonly router: Router,
    accounts: Accounts,
  ) {
    accounts.events.on("deleted", (key) => this.#deleted(key));
    accounts.events.on("disabled", (key) => this.#close(key, "The account has been disabled."));
    accounts.events.on("password-changed", () => undefined); // those who are in have proved themselves already
  }

  /** RFC 6120 §4.9.3.12: the server "MUST" not go on with a stream that is no longer allowed. */
  #close(key: AccountKey, text: string): void {
    const { local, jid } = this.#find(key);
    const sessions = local?.accounts.peek(jid)?.sessions ?? [];
    for (const session of [...sessions]) session.close("not-authorized", text);
  }

  /** Contacts are told (XEP-0077 §3.2) by what is in memory. The end comes a turn later: who asked for it gets an answer. */
  #deleted(key: AccountKey): void {
    const { local, jid } = this.#find(key);
    const account = local?.accounts.peek(jid);
    if (local !== undefined && account !== undefined) endSubscriptions(local, account);
    setImmediate(() => {
      this.#close(key, "The account has been removed.");
      local?.accounts.invalidate(jid);
      local?.emit("account-deleted", jid);
    });
  }

  #find({ host, user }: AccountKey): { local: LocalHost | undefined; jid: Jid } {
    return { local: this.router.hosts.get(host), jid: Jid.of(user, host) };
  }
}

function endSubscriptions(local: LocalHost, account: LocalAccount): void {
  account.isStored = false;
  for (const { jid } of account.roster.items) local.subscriptions.end(account, jid);
}
