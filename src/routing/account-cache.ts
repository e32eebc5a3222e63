// The accounts of a host in memory: loaded once, pinned while they have sessions, else kept for as long as there is room.
import { Jid } from "../jid/jid.js";
import type { HotAccounts, LoadedValues } from "../storage/stores.js";
import type { Storage } from "../storage/storage.js";
import { LocalAccount } from "./local-account.js";

/** Gets the account; undefined when there is none, or when it could not be read: then with the reason. */
export type AccountWaiter = (account: LocalAccount | undefined, failure?: Error) => void;

interface Loading {
  readonly waiting: AccountWaiter[];
  /** What is being read has changed meanwhile. */
  isStale: boolean;
}

export class AccountCache implements HotAccounts {
  /** All accounts in memory. */
  readonly #accounts = new Map<Jid, LocalAccount>();
  /** Those that nothing keeps there, the least recently used first. */
  readonly #idle = new Set<LocalAccount>();
  readonly #loading = new Map<Jid, Loading>();

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
   * Calls back with the account: at once when it is in memory, else when it has been read, in the order of the calls. A
   * failure to read it is told to `onRefused` as well.
   */
  with(jid: Jid, waiter: AccountWaiter): void {
    const account = this.ready(jid);
    if (account !== undefined) return waiter(account);
    const loading = this.#loading.get(jid);
    if (loading === undefined) this.#load(jid, { waiting: [waiter], isStale: false });
    else loading.waiting.push(waiter);
  }

  /** The account, where with() would call back at once. */
  ready(jid: Jid): LocalAccount | undefined {
    // Those who wait already come first, even when the account has just been read and they are being called.
    if (this.#loading.size > 0 && this.#loading.has(jid)) return undefined;
    const account = this.#accounts.get(jid);
    if (account?.pins === 0) this.#touch(account);
    return account;
  }

  /** Rejects when the account can't be read. */
  get(jid: Jid): Promise<LocalAccount | undefined> {
    return new Promise((resolve, reject) => {
      this.with(jid, (account, failure) => {
        if (failure === undefined) resolve(account);
        else reject(failure);
      });
    });
  }

  /** For hot stores: what the account brought along. */
  find(user: string): LoadedValues | undefined {
    return this.#accounts.get(Jid.of(user, this.domain))?.values;
  }

  async load(user: string): Promise<LoadedValues | undefined> {
    return (await this.get(Jid.of(user, this.domain)))?.values;
  }

  /** Puts in an account that is in no storage: it is there until it is unpinned, or pushed out. */
  add(account: LocalAccount): void {
    this.#accounts.set(account.jid, account);
    this.#touch(account);
    this.#shrink();
  }

  /** How many callers wait for this account. */
  waitingFor(jid: Jid): number {
    return this.#loading.get(jid)?.waiting.length ?? 0;
  }

  /** Keeps the account in memory until unpin() has been called as often. */
  pin(account: LocalAccount): void {
    account.pins += 1;
    this.#idle.delete(account);
  }

  unpin(account: LocalAccount): void {
    account.pins -= 1;
    // It may have been invalidated, and another one may stand in its place.
    if (account.pins > 0 || this.#accounts.get(account.jid) !== account) return;
    if (account.isStored) this.#touch(account);
    else this.#accounts.delete(account.jid);
    this.#shrink();
  }

  /**
   * Forgets what is in memory: it has changed elsewhere (the command line, another node) or is gone. Sessions that it still
   * has are out of reach from then on.
   */
  invalidate(jid: Jid): void {
    const [account, loading] = [this.#accounts.get(jid), this.#loading.get(jid)];
    if (loading !== undefined) loading.isStale = true;
    if (account === undefined) return;
    this.#accounts.delete(jid);
    this.#idle.delete(account);
  }

  #load(jid: Jid, loading: Loading): void {
    loading.isStale = false;
    this.#loading.set(jid, loading);
    const key = { host: jid.domain, user: jid.local };
    this.storage.accounts
      .load(key, this.hot)
      .then((state) => (state === undefined ? undefined : new LocalAccount(jid, key, state)))
      .then(
        (account) => (loading.isStale ? this.#load(jid, loading) : this.#loaded(jid, loading, account)),
        (failure: unknown) => this.#loaded(jid, loading, undefined, asError(failure)),
      )
      .catch(this.onRefused);
  }

  /** Whoever comes while these are called waits behind them. */
  #loaded(jid: Jid, { waiting }: Loading, account: LocalAccount | undefined, failure?: Error): void {
    if (failure !== undefined) this.onRefused(failure);
    if (account !== undefined) this.#accounts.set(jid, account);
    for (const waiter of waiting) {
      try {
        waiter(account, failure);
      } catch (error) {
        this.onRefused(error);
      }
    }
    this.#loading.delete(jid);
    if (account?.pins === 0 && this.#accounts.get(jid) === account) this.#touch(account);
    this.#shrink();
  }

  #touch(account: LocalAccount): void {
    this.#idle.delete(account);
    this.#idle.add(account);
  }

  #shrink(): void {
    for (const account of this.#idle) {
      if (this.#idle.size <= this.capacity) return;
      this.#idle.delete(account);
      this.#accounts.delete(account.jid);
    }
  }
}

function asError(failure: unknown): Error {
  return failure instanceof Error ? failure : new Error("The account can't be read.", { cause: failure });
}
