// Settings of a host's logins.
import { DEFAULT_ITERATIONS } from "./scram-keys.js";
import { MECHANISMS } from "./mechanisms/index.js";

/** Keys as they stand in the configuration file. */
export interface AuthOptions {
  /** Mechanisms that may be offered; each is, where the channel and the credentials allow it. */
  readonly mechanisms: readonly string[];
  /** Lets anybody in under a name made up for them (XEP-0175). */
  readonly anonymous: boolean;
  /** PBKDF2 iterations of the keys of passwords set from now on (at least 10 000). */
  readonly scram_iterations: number;
  /** Counts that accounts may still have from earlier settings; invented accounts show them as well. */
  readonly former_scram_iterations: readonly number[];
}

export const DEFAULT_AUTH_OPTIONS: AuthOptions = {
  mechanisms: MECHANISMS.map(({ name }) => name),
  anonymous: false,
  scram_iterations: DEFAULT_ITERATIONS,
  former_scram_iterations: [],
};
