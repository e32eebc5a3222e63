// The accounts of a host in memory: loaded once, pinned while they have sessions, else kept for as long as there is room.
import { Jid } from "../jid/jid.js";
import type { HotAccounts, LoadedValues } from "../storage/stores.js";
import type { Storage } from "../storage/storage.js";
import { LocalAccount } from "./local-account.js";

type Waiter = (account: LocalAccount | undefined) => void;

export class AccountCache implements HotAccounts {
  /** Accounts in memory; those without sessions in the order of their last use. */
  readonly #accounts = new Map<Jid, LocalAccount>();
  readonly #loading = new Map<Jid, Waiter[]>();
  #pinned = 0;

  /** `capacity`: how many accounts without sessions are kept. `hot`: names of the stores to load along. */
  constructor(
    private readonly domain: string,
    private readonly storage: Storage,
    private readonly hot: readonly string[],
    private readonly capacity: number,
    private readonly onRefused: (error: unknown) => void,
  ) {}

  /** The account if it is in memory now. */
  peek(jid: Jid): LocalAccount | undefined {
    return this.#accounts.get(jid);
  }

  get size(): number {
    return this.#accounts.size;
  }

  /**
   * Calls back with the account, or with undefined when there is none: at once when it is in memory, else when it has
   * been read, in the order of the calls. An account that can't be read counts as none, and is told to `onRefused`.
   */
  with(jid: Jid, waiter: Waiter): void {
    const account = this.#accounts.get(jid);
    if (account !== undefined) {
      this.#touch(account);
      waiter(account);
      return;
    }
    const waiting = this.#loading.get(jid);
    if (waiting !== undefined) waiting.push(waiter);
    else this.#load(jid, waiter);
  }

  get(jid: Jid): Promise<LocalAccount | undefined> {
    return new Promise((resolve) => this.with(jid, resolve));
  }

  /** For hot stores: what the account brought along. */
  find(user: string): LoadedValues | undefined {
    return this.#accounts.get(Jid.of(user, this.domain))?.values;
  }

  async load(user: string): Promise<LoadedValues | undefined> {
    return (await this.get(Jid.of(user, this.domain)))?.values;
  }

  /** Puts in an account that is in no storage: it is there until it is unpinned and pushed out. */
  add(account: LocalAccount): void {
    this.#accounts.set(account.jid, account);
  }

  /** How many callers wait for this account. */
  waitingFor(jid: Jid): number {
    return this.#loading.get(jid)?.length ?? 0;
  }

  /** Keeps the account in memory until unpin() has been called as often. */
  pin(account: LocalAccount): void {
    if (account.pins++ === 0) this.#pinned += 1;
  }

  unpin(account: LocalAccount): void {
    if (--account.pins > 0) return;
    this.#pinned -= 1;
    this.#touch(account);
    this.#shrink();
  }

  /** Forgets what is in memory: it has changed elsewhere (the command line, another node) or is gone. */
  invalidate(jid: Jid): void {
    this.#accounts.delete(jid);
  }

  #load(jid: Jid, waiter: Waiter): void {
    const waiting = [waiter];
    this.#loading.set(jid, waiting);
    const key = { host: jid.domain, user: jid.local };
    const finish = (account: LocalAccount | undefined): void => {
      this.#loading.delete(jid);
      if (account !== undefined) this.#accounts.set(jid, account);
      for (const each of waiting) each(account);
      this.#shrink();
    };
    this.storage.accounts
      .load(key, this.hot)
      .then((state) => (state === undefined ? undefined : new LocalAccount(jid, key, state)))
      .catch((error: unknown) => void this.onRefused(error))
      .then(finish)
      .catch(this.onRefused);
  }

  #touch(account: LocalAccount): void {
    if (account.pins > 0) return;
    this.#accounts.delete(account.jid);
    this.#accounts.set(account.jid, account);
  }

  #shrink(): void {
    if (this.#accounts.size - this.#pinned <= this.capacity) return;
    for (const account of this.#accounts.values()) {
      if (account.pins > 0) continue;
      this.#accounts.delete(account.jid);
      return;
    }
  }
}
