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
    accounts.aroundRemoval = (key, remove) => this.#remove(key, remove);
    accounts.events.on("disabled", (key) => this.#close(key, "The account has been disabled."));
    accounts.events.on("password-changed", () => undefined); // those who are in have proved themselves already
  }

  /** RFC 6120 §4.9.3.12: the server "MUST" not go on with a stream that is no longer allowed. */
  #close(key: AccountKey, text: string): void {
    const { local, jid } = this.#find(key);
    const sessions = local?.accounts.peek(jid)?.sessions ?? [];
    for (const session of sessions) session.close("not-authorized", text);
  }

  /** Contacts are told (XEP-0077 §3.2) by what is in memory, so the account is read before it is removed. */
  async #remove(key: AccountKey, remove: () => Promise<boolean>): Promise<boolean> {
    const { local, jid } = this.#find(key);
    if (local === undefined) return remove();
    // One that can't be read (the cache has logged why) can be removed all the same.
    const account = await local.accounts.get(jid).catch(() => undefined);
    const isRemoved = account === undefined ? await remove() : await this.#removeLoaded(account, local, remove);
    if (isRemoved) setImmediate(() => this.#forget(key)); // a turn later: whoever asked for it gets an answer first
    return isRemoved;
  }

  async #removeLoaded(account: LocalAccount, local: LocalHost, remove: () => Promise<boolean>): Promise<boolean> {
    const { isStored } = account;
    local.accounts.pin(account);
    account.isStored = false; // from now on, nothing more can be kept
    try {
      const isRemoved = await remove();
      if (isRemoved) local.subscriptions.endAll(account);
      return isRemoved;
    } catch (error) {
      account.isStored = isStored;
      throw error;
    } finally {
      local.accounts.unpin(account);
    }
  }

  #forget(key: AccountKey): void {
    const { local, jid } = this.#find(key);
    this.#close(key, "The account has been removed.");
    local?.accounts.invalidate(jid);
    local?.emit("account-deleted", jid);
  }

  #find({ host, user }: AccountKey): { local: LocalHost | undefined; jid: Jid } {
    return { local: this.router.hosts.get(host), jid: Jid.of(user, host) };
  }
}
