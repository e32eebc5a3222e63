// The stage for authentication's tests: Verona's accounts, a clock that only moves when told, and everything counted.
import { createAuthentication, type Authentication } from "../../src/auth/authentication.js";
import type { Authenticator, SaslChannel, SaslStep } from "../../src/auth/identity.js";
import { preparation } from "../../src/auth/jid-preparation.js";
import { nodePrimitives, type Primitives } from "../../src/auth/primitives.js";
import { loginOptions, type LoginOptions } from "../../src/auth/section.js";
import type { Clock } from "../../src/auth/throttle.js";
import { valuesOf } from "../../src/config/table.js";
import type { AccountKey, AccountRecord } from "../../src/storage/records.js";
import type { Storage } from "../../src/storage/storage.js";
import { ScramClient, type ScramClientParts } from "../support/scram-client.js";

export const VERONA = "verona.lit";
export const romeo: AccountKey = { host: VERONA, user: "romeo" };
export const juliet: AccountKey = { host: VERONA, user: "juliet" };

/** Sleeping moves it on at once, and is remembered. */
export class StageClock implements Clock {
  time = 0;
  readonly slept: number[] = [];

  now(): number {
    return this.time;
  }

  async sleep(milliseconds: number): Promise<void> {
    this.slept.push(milliseconds);
    this.time += milliseconds;
  }
}

/** Accounts in a map; `fail` makes every operation reject. */
export class StageAccounts {
  readonly records = new Map<string, AccountRecord>();
  fail: Error | undefined;
  reads = 0;
  beforeRead: () => void = () => undefined;
  /** Done once, between a login's two looks at the account. */
  beforeSecondRead: (() => Promise<void>) | undefined;

  readonly api: Storage["accounts"] = {
    get: async (key) => {
      this.reads += 1;
      this.beforeRead();
      await this.#interlude();
      return this.#find(key);
    },
    create: async (record) => {
      if (this.#find(record) !== undefined) return false;
      this.records.set(nameOf(record), record);
      return true;
    },
    setCredentials: async (key, credentials) => this.#change(key, { credentials }),
    setDisabled: async (key, isDisabled) => this.#change(key, { isDisabled }),
    remove: async (key) => this.#find(key) !== undefined && this.records.delete(nameOf(key)),
    list: async (host, after, limit) =>
      [...this.records.values()]
        .filter((record) => record.host === host && record.user > after)
        .sort((left, right) => (left.user < right.user ? -1 : 1))
        .slice(0, limit),
    load: async () => undefined,
  };

  async #interlude(): Promise<void> {
    const change = this.beforeSecondRead;
    if (change === undefined || this.reads < 2) return;
    this.beforeSecondRead = undefined;
    await change();
  }

  #find(key: AccountKey): AccountRecord | undefined {
    if (this.fail) throw this.fail;
    return this.records.get(nameOf(key));
  }

  #change(key: AccountKey, changes: Partial<AccountRecord>): boolean {
    const record = this.#find(key);
    if (record) this.records.set(nameOf(key), { ...record, ...changes });
    return record !== undefined;
  }
}

function nameOf({ host, user }: AccountKey): string {
  return `${user}@${host}`;
}

export type Counts = Record<keyof Primitives, number>;

export function counting(): { readonly counts: Counts; readonly primitives: Primitives } {
  const counts: Counts = { digest: 0, hmac: 0, pbkdf2: 0, bcrypt: 0 };
  const count = <A extends unknown[], R>(name: keyof Primitives, run: (...parameters: A) => R) => {
    return (...parameters: A): R => {
      counts[name] += 1;
      return run(...parameters);
    };
  };
  const { digest, hmac, pbkdf2, bcrypt } = nodePrimitives;
  const primitives: Primitives = {
    digest: count("digest", digest),
    hmac: count("hmac", hmac),
    pbkdf2: count("pbkdf2", pbkdf2),
    bcrypt: count("bcrypt", bcrypt),
  };
  return { counts, primitives };
}

export interface Stage extends Authentication {
  readonly verona: Authenticator;
  readonly clock: StageClock;
  readonly storage: StageAccounts;
  readonly counts: Counts;
  readonly faults: unknown[];
}

/** Few iterations keep the tests quick; nothing depends on how many they are. */
export function raiseCurtain(options: Partial<LoginOptions> = {}, serverNonce?: () => string): Stage {
  const all = { ...valuesOf(loginOptions.options), scram_iterations: 64, ...options };
  const clock = new StageClock();
  const storage = new StageAccounts();
  const faults: unknown[] = [];
  const { counts, primitives } = counting();
  const authentication = createAuthentication({
    accounts: storage.api,
    secret: Buffer.alloc(32, "a plague o' both your houses"),
    preparation,
    optionsOf: () => all,
    onFault: (error) => faults.push(error),
    clock,
    primitives,
    ...(serverNonce ? { serverNonce } : {}),
  });
  return { ...authentication, verona: authentication.authenticator(VERONA), clock, storage, counts, faults };
}

export const EXPORTER = Buffer.alloc(32, 7);
export const END_POINT = Buffer.alloc(32, 9);

/** TLS 1.3 from Mantua, unless told otherwise. */
export function channel(changes: Partial<SaslChannel> = {}): SaslChannel {
  return {
    isSecure: true,
    remoteAddress: "192.0.2.7",
    channelBinding: (type) => (type === "tls-exporter" ? EXPORTER : END_POINT),
    clientCertificate: () => undefined,
    ...changes,
  };
}

/** A connection in clear: no bindings and no PLAIN. */
export const inClear = channel({ isSecure: false, channelBinding: () => undefined });

export function mechanismOf({ hash, binding }: ScramClientParts): string {
  return `SCRAM-${hash === "sha1" ? "SHA-1" : "SHA-256"}${typeof binding === "object" ? "-PLUS" : ""}`;
}

/** A whole SCRAM login; what the server said last. */
export async function logInByScram(verona: Authenticator, parts: ScramClientParts, on = channel()): Promise<SaslStep> {
  const exchange = verona.begin(mechanismOf(parts), on);
  if (exchange === undefined) throw new Error(`${mechanismOf(parts)} is not offered`);
  const client = new ScramClient(parts);
  const challenge = await exchange.start(client.first());
  if (challenge.kind !== "challenge") return challenge;
  const outcome = await exchange.respond(client.final(challenge.data));
  if (outcome.kind === "success" && !client.believes(outcome.data)) throw new Error("the server proved nothing");
  return outcome;
}

/** A whole PLAIN login with "authzid", user and password. */
export async function logInByPlain(
  verona: Authenticator,
  user: string,
  password: string,
  { on = channel(), authzid = "" } = {},
): Promise<SaslStep> {
  const exchange = verona.begin("PLAIN", on);
  if (exchange === undefined) throw new Error("PLAIN is not offered");
  return exchange.start(Buffer.from(`${authzid}\0${user}\0${password}`));
}

/** "success", or the failure's condition: short enough for transcripts. */
export function wordFor(step: SaslStep): string {
  return step.kind === "failure" ? step.condition : step.kind;
}
