// Domains of this server: whose they are, for each can be somebody's once only.
import type { Declarations } from "./declarations.js";
import type { GivenHost } from "./host.js";
import { formatKeyPath } from "./key-lines.js";
import type { Problems } from "./problem.js";

type Tables = GivenHost["tables"];

/** Keyed tables that stand for domains of their own, such as components, must not have that of a host. */
export function refuseHosts(
  keyed: Declarations["keyed"],
  tables: Tables,
  hosts: readonly GivenHost[],
  problems: Problems,
): void {
  for (const { name } of keyed.filter(({ excludesHosts }) => excludesHosts === true)) {
    const taken = hosts.filter(({ domain }) => tables.get(name)?.has(domain));
    for (const { domain } of taken)
      problems.add([name, domain], "a host has this domain; choose another, such as a subdomain of it");
  }
}

/** Domains that no service may have, and who has them. */
export function takenDomains(
  keyed: Declarations["keyed"],
  tables: Tables,
  hosts: readonly GivenHost[],
): ReadonlyMap<string, string> {
  const exclusive = keyed.filter(({ excludesHosts }) => excludesHosts === true);
  const keys = exclusive.flatMap(({ name }) =>
    [...(tables.get(name)?.keys() ?? [])].map((key) => [name, key] as const),
  );
  return new Map([
    ...hosts.map(({ domain }) => [domain, `the host ${domain}`] as const),
    ...keys.map(([name, key]) => [key, formatKeyPath([name, key])] as const),
  ]);
}
