// Whether other servers can get to the domains that extensions serve, by the certificates there are.
import type { Config, HostConfig } from "../../config/config.js";
import type { ServiceDomain } from "../../config/services.js";
import { federationOptions } from "../../s2s/options.js";
import { type CheckedCertificate, isNamedBy } from "./certificates.js";
import { warning, type Finding } from "./findings.js";

/** `certificates`: one for each host, in their order. Of a host without any, enough has been said. */
export function checkServices({ hosts }: Config, certificates: readonly CheckedCertificate[]): readonly Finding[] {
  // Any host's will do: the server shows the one that bears the name.
  const names = certificates.flatMap(({ state }) => (state.kind === "good" ? state.names : []));
  return hosts.flatMap((host, index) => {
    const isGood = certificates[index]?.state.kind === "good";
    if (!isGood || !host.values(federationOptions).enabled) return [];
    const unnamed = host.services.filter(({ domain }) => !isNamedBy(names, domain));
    return unnamed.map((service) => uncovered(host, service));
  });
}

function uncovered({ domain: host }: HostConfig, { domain, extension }: ServiceDomain): Finding {
  return warning(
    `No certificate names ${domain}, which belongs to ${host} (extension ${extension}): other servers may refuse to talk to it.`,
    `Give ${domain} the DNS records that ${host} has, and get a certificate for both names (certbot: -d ${host} -d ${domain}). ` +
      `If only users of this server are to get there, it can stay as it is.`,
  );
}
