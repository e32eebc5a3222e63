// What about federation and components is insecure, or can't work.
import { componentOptions } from "../../component/options.js";
import type { Config, HostConfig } from "../../config/config.js";
import { federationOptions, peerOptions } from "../../s2s/options.js";
import { error, warning, type Finding } from "./findings.js";

/** Characters of a secret below which it can be guessed by trying. */
const SHORT_SECRET = 20;

export function checkFederation(config: Config): readonly Finding[] {
  const findings = config.hosts.flatMap((host) => [...checkPolicy(host), ...checkPeers(host)]);
  return [...findings, ...checkOwnPeers(config)];
}

function checkPolicy({ domain, values }: HostConfig): readonly Finding[] {
  const { enabled, ...policy } = values(federationOptions);
  return enabled ? checkTrust(policy, domain, "other servers", "federation") : [];
}

/** Only what a peer's table says itself: what it leaves out has been judged with the host. */
function checkPeers({ domain, values, tables }: HostConfig): readonly Finding[] {
  const { enabled } = values(federationOptions);
  if (!enabled) return [];
  return [...tables(peerOptions)].flatMap(([peer, policy]) =>
    checkTrust(policy, domain, peer, `peers.${JSON.stringify(peer)}`),
  );
}

interface Trust {
  readonly require_tls: boolean | undefined;
  readonly require_certificate: boolean | undefined;
}

function checkTrust(
  { require_tls: mustEncrypt, require_certificate: mustProve }: Trust,
  domain: string,
  others: string,
  table: string,
): readonly Finding[] {
  const findings: Finding[] = [];
  if (mustEncrypt === false) findings.push(warning(`What ${domain} and ${others} exchange may go over the network in clear.`, `Set ${table}.require_tls = true unless that is meant.`)); // prettier-ignore
  if (mustProve === false) findings.push(warning(`${domain} believes ${others} without a valid certificate, so whoever controls DNS on the way can pose as them.`, `Set ${table}.require_certificate = true unless that is meant.`)); // prettier-ignore
  return findings;
}

function checkOwnPeers(config: Config): readonly Finding[] {
  const peers = [config.tables, ...config.hosts.map((host) => host.tables)].flatMap((each) => [
    ...each(peerOptions).keys(),
  ]);
  return [...new Set(peers)].flatMap((peer) =>
    config.hostServing(peer) !== undefined
      ? [warning(`${peer} is served here, so its table in [peers] does nothing.`, `Remove [peers.${JSON.stringify(peer)}].`)] // prettier-ignore
      : [],
  );
}

export function checkComponents({ listeners, tables }: Config): readonly Finding[] {
  const components = tables(componentOptions);
  const findings = [...components].flatMap(([domain, { secret }]) =>
    secret.length < SHORT_SECRET
      ? [warning(`The secret of the component ${domain} is short enough to be guessed.`, `Make one of ${SHORT_SECRET} characters or more: openssl rand -hex 32`)] // prettier-ignore
      : [],
  );
  const isListening = listeners.some(({ type }) => type === "component");
  if (components.size === 0 || isListening) return findings;
  const names = [...components.keys()].join(", ");
  return [...findings, error(`Components can't connect (${names}): there is no listener for them.`, 'Add a [[listeners]] table with type = "component", beside one for each other type that is wanted.')]; // prettier-ignore
}
