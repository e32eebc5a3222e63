// What a source of credentials must be able to do; internal storage today, LDAP, tokens or HTTP later (ARCHITECTURE §3.5).
import type { ScramKeys } from "../storage/records.js";
import type { ScramHash } from "./primitives.js";

/** "unknown": there is no such account, or it is none of this source's. */
export type Standing = "active" | "disabled" | "unknown";

/** What a check of a right or wrong password found. "disabled" only after the right one. */
export type Verdict = "accepted" | "disabled" | "refused";

/** Keys to run an exchange with. For an account that can't log in this way they are decoys and `isDecoy` is true. */
export interface ScramLookup {
  readonly keys: ScramKeys;
  readonly isDecoy: boolean;
  readonly isDisabled: boolean;
  /** The source's own mark of when it looked. */
  readonly revision: number;
}

/**
 * Credentials of one host's accounts; `user` is always a prepared localpart. A method that is absent takes its mechanisms
 * out of the offer. Every method takes as long for an account that exists as for one that does not, and rejects only when
 * the source itself fails: then the client is told `temporary-auth-failure` and no throttling counts it.
 */
export interface AuthenticationBackend {
  /** `password` as the client sent it. */
  checkPassword?(user: string, password: string): Promise<Verdict>;
  /** `earlier`: what was found a moment ago, which may be given again if nothing can have changed since. */
  scramKeys?(user: string, hash: ScramHash, earlier?: ScramLookup): Promise<ScramLookup>;
  /** For mechanisms that prove the identity by other means (EXTERNAL). */
  standing(user: string): Promise<Standing>;
}
