// What is done to accounts: the same operations for the command line, in-band registration and the HTTP API.
import { EventEmitter } from "node:events";
import type { AccountKey, AccountRecord, Credentials } from "../storage/records.js";
import type { Storage } from "../storage/storage.js";
import { AccountLock } from "./account-lock.js";
import { isBcryptHash } from "./bcrypt-hash.js";
import { areSameCredentials } from "./credentials.js";
import type { Preparation } from "./preparation.js";
import type { Primitives, ScramHash } from "./primitives.js";
import { deriveScramKeys, SALT_LENGTH } from "./scram-keys.js";

export type AccountProblem =
  "exists" | "not-found" | "name-not-acceptable" | "password-not-acceptable" | "hash-not-supported";

/** An operation that could not be done, with a sentence for people. Storage failures come as they are. */
export class AccountError extends Error {
  constructor(
    readonly problem: AccountProblem,
    message: string,
  ) {
    super(message);
  }
}

/** What may be shown of an account: nothing that helps to guess its password. */
export interface AccountSummary extends AccountKey {
  readonly isDisabled: boolean;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** How it can log in at present: "SCRAM-SHA-256", "SCRAM-SHA-1", "bcrypt". */
  readonly credentials: readonly string[];
}

/** An imported account brings its password, or a bcrypt hash of it ($2a$, $2b$, $2y$). */
export type ImportedSecret = { readonly password: string } | { readonly bcrypt: string };

/** Told after the change is committed; a listener must not throw. Sessions of the account are to be closed. */
export interface AccountEvents {
  created: [AccountKey];
  deleted: [AccountKey];
  disabled: [AccountKey];
  "password-changed": [AccountKey];
}

export interface AccountsParts {
  readonly accounts: Storage["accounts"];
  readonly primitives: Primitives;
  readonly preparation: Pick<Preparation, "localpart" | "password">;
  /** PBKDF2 iterations of new keys on this host. */
  readonly iterations: (host: string) => number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly randomBytes: (length: number) => Buffer;
}

/** Keys are prepared ones (RFC 7622); `create` and `importAccount` check this. Promises resolve once it is on disk. */
export class Accounts {
  readonly events = new EventEmitter<AccountEvents>();
  /** For whoever must see an account before it is gone, and do something when it is: calls `remove` in between, once. */
  aroundRemoval: (key: AccountKey, remove: () => Promise<boolean>) => Promise<boolean> = (_key, remove) => remove();
  readonly #parts: AccountsParts;
  readonly #lock = new AccountLock();

  #revision = 0;

  constructor(parts: AccountsParts) {
    this.#parts = parts;
  }

  /** Counts the changes of all accounts. While it stays the same, what was read of one is still true. */
  get revision(): number {
    return this.#revision;
  }

  /** Storage, to change something. Counted before the call, so that whoever reads after the count reads the change. */
  get #changing(): Storage["accounts"] {
    this.#revision += 1;
    return this.#parts.accounts;
  }

  /** Throws AccountError: exists, name-not-acceptable, password-not-acceptable. */
  async create(key: AccountKey, password: string): Promise<void> {
    this.#requireName(key);
    await this.#store(key, await this.#derive(key.host, this.#prepare(password)));
  }

  /** Throws AccountError as `create` does, or hash-not-supported. */
  async importAccount(key: AccountKey, secret: ImportedSecret): Promise<void> {
    if ("password" in secret) return this.create(key, secret.password);
    this.#requireName(key);
    if (!isBcryptHash(secret.bcrypt)) {
      throw new AccountError(
        "hash-not-supported",
        "only bcrypt hashes ($2a$, $2b$, $2y$; cost 4 to 15) can be imported",
      );
    }
    await this.#store(key, { bcrypt: secret.bcrypt });
  }

  /** Throws AccountError: not-found, password-not-acceptable. */
  async changePassword(key: AccountKey, password: string): Promise<void> {
    const prepared = this.#prepare(password);
    await this.#lock.run(key, async () => {
      const credentials = await this.#derive(key.host, prepared);
      this.#requireFound(key, await this.#changing.setCredentials(key, credentials));
    });
    this.events.emit("password-changed", key);
  }

  /**
   * Derives fresh keys from a password that was just proved, and drops a bcrypt hash: for logins with PLAIN. False, and
   * nothing is done, when the credentials are no longer the ones that proved it. `password` is prepared.
   */
  renewKeys(key: AccountKey, proved: Credentials, password: string): Promise<boolean> {
    return this.#lock.run(key, async () => {
      const fresh = await this.#derive(key.host, password);
      const record = await this.#parts.accounts.get(key);
      if (record === undefined || !areSameCredentials(record.credentials, proved)) return false;
      return this.#changing.setCredentials(key, fresh);
    });
  }

  /** Keeps everything, but nobody can log in. Throws AccountError: not-found. */
  async disable(key: AccountKey): Promise<void> {
    this.#requireFound(key, await this.#changing.setDisabled(key, true));
    this.events.emit("disabled", key);
  }

  /** Throws AccountError: not-found. */
  async enable(key: AccountKey): Promise<void> {
    this.#requireFound(key, await this.#changing.setDisabled(key, false));
  }

  /** Removes the account and everything it owns. Throws AccountError: not-found. */
  async delete(key: AccountKey): Promise<void> {
    this.#requireFound(key, await this.aroundRemoval(key, () => this.#changing.remove(key)));
    this.events.emit("deleted", key);
  }

  async show(key: AccountKey): Promise<AccountSummary | undefined> {
    const record = await this.#parts.accounts.get(key);
    return record && summaryOf(record);
  }

  /** By user name, `limit` at a time, after the given name ("" for the first page). */
  async list(host: string, after: string, limit: number): Promise<readonly AccountSummary[]> {
    return (await this.#parts.accounts.list(host, after, limit)).map(summaryOf);
  }

  async #store(key: AccountKey, credentials: Credentials): Promise<void> {
    const record = { host: key.host, user: key.user, credentials, isDisabled: false, createdAt: this.#parts.now() };
    if (!(await this.#changing.create(record))) {
      throw new AccountError("exists", `${key.user}@${key.host} exists already`);
    }
    this.events.emit("created", key);
  }

  /** Both hashes, each with a salt of its own: which one a client asks for can't be known (RFC 5802 §2.1). */
  async #derive(host: string, password: string): Promise<Credentials> {
    const { primitives, iterations, randomBytes } = this.#parts;
    const derive = (hash: ScramHash) =>
      deriveScramKeys(primitives, hash, password, randomBytes(SALT_LENGTH), iterations(host));
    const [sha1, sha256] = await Promise.all([derive("SHA-1"), derive("SHA-256")]);
    return { "SHA-1": sha1, "SHA-256": sha256 };
  }

  #prepare(password: string): string {
    const prepared = this.#parts.preparation.password(password);
    if (prepared !== undefined) return prepared;
    throw new AccountError("password-not-acceptable", "this password is empty, too long or has forbidden characters");
  }

  #requireName(key: AccountKey): void {
    if (this.#parts.preparation.localpart(key.user) === key.user) return;
    throw new AccountError("name-not-acceptable", `"${key.user}" can't be the name of an account (RFC 7622 §3.3)`);
  }

  #requireFound(key: AccountKey, isFound: boolean): void {
    if (!isFound) throw new AccountError("not-found", `there is no account ${key.user}@${key.host}`);
  }
}

function summaryOf({ host, user, isDisabled, createdAt, credentials }: AccountRecord): AccountSummary {
  const kinds = [
    ...(credentials["SHA-256"] ? ["SCRAM-SHA-256"] : []),
    ...(credentials["SHA-1"] ? ["SCRAM-SHA-1"] : []),
    ...(credentials.bcrypt === undefined ? [] : ["bcrypt"]),
  ];
  return { host, user, isDisabled, createdAt, credentials: kinds };
}
