// Puts federation together: name servers, trusted authorities, limits, and what is measured of it.
import { readFile } from "node:fs/promises";
import type { Config } from "../config/config.js";
import type { Clock } from "../extension/clock.js";
import { TrustAnchors } from "../net/certificate-path.js";
import type { CertificateStore } from "../net/certificates.js";
import { Locator } from "../net/locator.js";
import { Posh } from "../net/posh.js";
import type { Log } from "../observability/log.js";
import type { Trace } from "../observability/trace.js";
import type { Router } from "../routing/router.js";
import { Federation, type ServerLimits } from "../s2s/federation.js";
import { dnsOptions, serverOptions } from "../s2s/options.js";
import { Trust } from "../s2s/trust.js";

export interface FederationSurroundings {
  readonly router: Router;
  readonly clock: Clock;
  readonly log: Log;
  readonly trace: Trace;
  readonly certificates: CertificateStore;
  readonly secret: Buffer;
}

/** Throws when the file of authorities can't be read. `changes`: what is other than the configuration says. */
export async function makeFederation(
  config: Config,
  surroundings: FederationSurroundings,
  changes: Partial<ServerLimits> = {},
): Promise<Federation> {
  const limits = { ...config.values(serverOptions), ...changes };
  const { servers, timeout } = config.values(dnsOptions);
  return new Federation({
    ...surroundings,
    config,
    limits,
    locator: new Locator({ servers, timeout }),
    trust: await trustOf(config, surroundings.clock),
  });
}

async function trustOf(config: Config, clock: Clock): Promise<Trust> {
  const { authorities, posh, negotiation_timeout: timeout } = config.values(serverOptions);
  const anchors = TrustAnchors.usual(authorities === undefined ? "" : await readFile(authorities, "utf8"));
  return new Trust(anchors, posh ? new Posh({ timeout, now: () => clock.now() }) : undefined, () => clock.now());
}
