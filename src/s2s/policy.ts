// What a host demands of another domain: who may be talked to, and how they must prove who they are.
import type { Config } from "../config/config.js";
import type { ValuesOf } from "../config/option.js";
import { federationOptions, peerOptions } from "./options.js";
import { FederationFailure } from "./reason.js";

export interface Policy {
  /** Undefined: stanzas may be exchanged. Else why not. */
  readonly refusal: FederationFailure | undefined;
  readonly requiresTls: boolean;
  /** Only a certificate proves who they are; else dialback does, too. */
  readonly requiresCertificate: boolean;
  readonly allowsDialback: boolean;
  /** Where to connect to, instead of asking DNS; none: ask DNS. */
  readonly targets: readonly string[];
}

type HostOptions = ValuesOf<(typeof federationOptions)["options"]>;
type PeerOptions = ValuesOf<(typeof peerOptions)["options"]>;

/** The policy of a domain of ours (a host, a service of it, a component) towards another domain. Both are prepared. */
export function policyOf(config: Config, local: string, remote: string): Policy {
  const host = config.hostServing(local) ?? config;
  const options = host.values(federationOptions);
  const peer: Partial<PeerOptions> = host.tables(peerOptions).get(remote) ?? {};
  const requiresCertificate = peer.require_certificate ?? options.require_certificate;
  return {
    refusal: refusalOf(options, local, remote),
    requiresTls: peer.require_tls ?? options.require_tls,
    requiresCertificate,
    allowsDialback: peer.dialback ?? options.dialback,
    targets: peer.targets ?? [],
  };
}

function refusalOf(
  { enabled, allow, block }: HostOptions,
  local: string,
  remote: string,
): FederationFailure | undefined {
  if (!enabled)
    return new FederationFailure("federation-disabled", `${local} does not exchange stanzas with other servers.`);
  const isAllowed = allow.length === 0 || allow.some((entry) => matches(entry, remote));
  if (isAllowed && !block.some((entry) => matches(entry, remote))) return undefined;
  return new FederationFailure("domain-blocked", `${local} does not exchange stanzas with ${remote}.`);
}

/** `*.example.org` stands for every subdomain, not for example.org itself. */
function matches(entry: string, domain: string): boolean {
  return entry.startsWith("*.") ? domain.endsWith(entry.slice(1)) : entry === domain;
}
