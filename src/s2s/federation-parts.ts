// What federation is put together of.
import type { Config } from "../config/config.js";
import type { ValuesOf } from "../config/option.js";
import type { Clock } from "../extension/clock.js";
import type { CertificateStore } from "../net/certificates.js";
import type { Locator } from "../net/locator.js";
import type { Log } from "../observability/log.js";
import type { Trace } from "../observability/trace.js";
import type { Router } from "../routing/router.js";
import type { StanzaError } from "../stanza/stanza-error.js";
import type { Stanza } from "../stanza/stanza.js";
import type { serverOptions } from "./options.js";
import type { Spool } from "./spool.js";
import type { Trust } from "./trust.js";

export type ServerLimits = ValuesOf<(typeof serverOptions)["options"]>;

export interface FederationParts {
  readonly config: Config;
  readonly limits: ServerLimits;
  readonly router: Router;
  readonly clock: Clock;
  readonly log: Log;
  readonly trace: Trace;
  readonly locator: Locator;
  readonly certificates: CertificateStore;
  readonly trust: Trust;
  /** What dialback keys are made of. */
  readonly secret: Buffer;
  readonly spool: Spool;
  /** Returns a stanza whose sender may have gone meanwhile: the error waits for them, as a message would. */
  readonly returnLate: (stanza: Stanza, error: StanzaError) => Promise<void>;
}
