// Credentials from the server's own storage: SCRAM keys, and bcrypt hashes of imported accounts until their first login.
import type { Storage } from "../storage/storage.js";
import type { AccountKey, AccountRecord, Credentials, ScramKeys } from "../storage/records.js";
import type { AuthenticationBackend, ScramLookup, Verdict } from "./backend.js";
import { areSameCredentials } from "./credentials.js";
import type { Decoys } from "./decoy.js";
import type { Preparation } from "./preparation.js";
import type { Primitives, ScramHash } from "./primitives.js";
import { isPasswordOf } from "./scram-keys.js";
import type { LoginOptions } from "./section.js";

export interface InternalBackendParts {
  readonly host: string;
  readonly accounts: Pick<Storage["accounts"], "get">;
  readonly primitives: Primitives;
  readonly preparation: Pick<Preparation, "password">;
  readonly decoys: Decoys;
  /** Keys with fewer iterations than new ones get are renewed when PLAIN shows the password. */
  readonly options: () => Pick<LoginOptions, "scram_iterations" | "former_scram_iterations">;
  /** Stores fresh keys for a password that was just proved, unless the credentials changed meanwhile. */
  readonly renew: (key: AccountKey, proved: Credentials, password: string) => Promise<unknown>;
  /** Counts the changes of all accounts: while it stays, what was read is still true. */
  readonly revision: () => number;
  /** Hears of a renewal that failed; the login goes on. */
  readonly onFault: (error: unknown) => void;
}

export function internalBackend(parts: InternalBackendParts): AuthenticationBackend {
  const keyOf = (user: string): AccountKey => ({ host: parts.host, user });
  return {
    async scramKeys(user, hash, earlier) {
      const revision = parts.revision();
      if (earlier?.revision === revision) return earlier;
      const record = await parts.accounts.get(keyOf(user));
      return { ...lookUp(parts, keyOf(user), record, hash), revision };
    },
    checkPassword: (user, password) => checkPassword(parts, keyOf(user), password),
    async standing(user) {
      const record = await parts.accounts.get(keyOf(user));
      return record === undefined ? "unknown" : record.isDisabled ? "disabled" : "active";
    },
  };
}

function lookUp(
  { decoys, options }: InternalBackendParts,
  key: AccountKey,
  record: AccountRecord | undefined,
  hash: ScramHash,
): Omit<ScramLookup, "revision"> {
  // Made for every account, so that it costs the same whether it is needed or not.
  const { scram_iterations: newest, former_scram_iterations: former } = options();
  const decoy: ScramKeys = decoys(key, hash, [newest, ...former]);
  const keys = record?.credentials[hash];
  return { keys: keys ?? decoy, isDecoy: keys === undefined, isDisabled: record?.isDisabled ?? false };
}

/** How often a check begins anew because the credentials changed under it. */
const PATIENCE_WITH_CHANGES = 3;

async function checkPassword(parts: InternalBackendParts, key: AccountKey, sent: string): Promise<Verdict> {
  const prepared = parts.preparation.password(sent);
  let record = await parts.accounts.get(key);
  for (let round = 0; round < PATIENCE_WITH_CHANGES; round += 1) {
    const isRight = await isPasswordRight(parts, key, record, sent, prepared);
    if (!isRight || prepared === undefined || record === undefined) return "refused";
    // The account may have changed while the thread pool was at work; only its owner gets as far as this second look.
    const now = await parts.accounts.get(key);
    if (now !== undefined && areSameCredentials(now.credentials, record.credentials)) {
      return now.isDisabled ? "disabled" : accept(parts, now, prepared);
    }
    record = now;
  }
  return "refused";
}

async function accept(parts: InternalBackendParts, record: AccountRecord, password: string): Promise<Verdict> {
  if (isOutdated(record.credentials, parts.options().scram_iterations)) await renew(parts, record, password);
  return "accepted";
}

/** One PBKDF2 for every account, and bcrypt besides for those that have nothing else; PLAIN evens that out in time. */
async function isPasswordRight(
  parts: InternalBackendParts,
  key: AccountKey,
  record: AccountRecord | undefined,
  sent: string,
  prepared: string | undefined,
): Promise<boolean> {
  const hash = bestHash(record?.credentials);
  const { keys, isDecoy } = lookUp(parts, key, record, hash);
  const isProved = await isPasswordOf(parts.primitives, hash, keys, prepared ?? "");
  return isDecoy ? isBcryptPassword(parts, record, sent, prepared) : isProved;
}

function bestHash(credentials: Credentials | undefined): ScramHash {
  return credentials?.["SHA-256"] === undefined && credentials?.["SHA-1"] !== undefined ? "SHA-1" : "SHA-256";
}

/** Elsewhere hashes were made of passwords as typed, so that form counts too. bcrypt itself looks at 72 octets only. */
async function isBcryptPassword(
  { primitives }: InternalBackendParts,
  record: AccountRecord | undefined,
  sent: string,
  prepared: string | undefined,
): Promise<boolean> {
  const hash = record?.credentials.bcrypt;
  if (hash === undefined || prepared === undefined) return false;
  if (await primitives.bcrypt(prepared, hash)) return true;
  return sent !== prepared && (await primitives.bcrypt(sent, hash));
}

function isOutdated(credentials: Credentials, iterations: number): boolean {
  const counts = [credentials["SHA-1"]?.iterations, credentials["SHA-256"]?.iterations];
  return credentials.bcrypt !== undefined || counts.some((count) => count === undefined || count < iterations);
}

async function renew({ renew, onFault }: InternalBackendParts, record: AccountRecord, password: string): Promise<void> {
  try {
    await renew({ host: record.host, user: record.user }, record.credentials, password);
  } catch (error) {
    // The password was right; that its keys could not be renewed today is no reason to keep its owner out.
    onFault(error);
  }
}
