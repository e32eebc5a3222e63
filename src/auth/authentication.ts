// Puts the parts together: one for the whole server, an authenticator for each host.
import { randomBytes } from "node:crypto";
import type { Storage } from "../storage/storage.js";
import { Accounts } from "./accounts.js";
import { createAuthenticator } from "./authenticator.js";
import type { AuthenticationBackend } from "./backend.js";
import { decoys } from "./decoy.js";
import type { Authenticator } from "./identity.js";
import { internalBackend } from "./internal-backend.js";
import type { Preparation } from "./preparation.js";
import { nodePrimitives, type Primitives } from "./primitives.js";
import type { LoginOptions } from "./section.js";
import { boundSlowWork } from "./slow-work.js";
import { LoginThrottle, systemClock, type Clock } from "./throttle.js";

export interface AuthenticationParts {
  readonly accounts: Storage["accounts"];
  /** 32 octets that only this server knows, the same after each restart. */
  readonly secret: Buffer;
  readonly preparation: Preparation;
  /** Asked anew for each login and each new password, so that reloading needs no more than this. */
  readonly optionsOf: (host: string) => LoginOptions;
  readonly onFault: (error: unknown) => void;
  /** Addresses, besides loopback, behind which many people stand. */
  readonly isSharedAddress?: (address: string) => boolean;
  /** For tests. */
  readonly clock?: Clock;
  readonly primitives?: Primitives;
  readonly serverNonce?: () => string;
}

export interface Authentication {
  readonly accounts: Accounts;
  readonly throttle: LoginThrottle;
  /** Logs into the accounts in storage, or into those of another source. */
  authenticator(host: string, backend?: AuthenticationBackend): Authenticator;
}

export function createAuthentication(parts: AuthenticationParts): Authentication {
  const { preparation, optionsOf, onFault, serverNonce, clock = systemClock } = parts;
  const primitives = boundSlowWork(parts.primitives ?? nodePrimitives);
  const throttle = new LoginThrottle({ clock, isShared: parts.isSharedAddress ?? (() => false) });
  const accounts = new Accounts({
    accounts: parts.accounts,
    primitives,
    preparation,
    iterations: (host) => optionsOf(host).scram_iterations,
    now: () => Date.now(),
    randomBytes,
  });
  const internal = (host: string) =>
    internalBackend({
      host,
      accounts: parts.accounts,
      primitives,
      preparation,
      decoys: decoys(parts.secret),
      options: () => optionsOf(host),
      revision: () => accounts.revision,
      renew: (key, proved, password) => accounts.renewKeys(key, proved, password),
      onFault,
    });
  return {
    accounts,
    throttle,
    authenticator: (host, backend = internal(host)) =>
      createAuthenticator({
        ...{ host, options: () => optionsOf(host), backend, throttle, preparation, primitives, clock, onFault },
        ...(serverNonce ? { serverNonce } : {}),
      }),
  };
}
