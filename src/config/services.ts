// Domains that extensions serve beside their hosts': which these are, and that nobody else has them.
import type { Declarations } from "./declarations.js";
import { prepareHostName } from "./host-name.js";
import type { ConfigOfExtension } from "./lookup.js";
import type { Problems } from "./problem.js";

export interface ServiceDomain {
  /** Prepared. */
  readonly domain: string;
  /** The extension that serves it. */
  readonly extension: string;
}

interface Host {
  readonly domain: string;
  readonly extension: ConfigOfExtension;
}

/** The services of the extensions that are enabled on a host. A name that is none is left as it is; see checkServices(). */
export function servicesOf({ domain, extension }: Host, { extensions }: Declarations): readonly ServiceDomain[] {
  return extensions.flatMap((declaration) => {
    const { isEnabled, values } = extension(declaration);
    const names = isEnabled ? (declaration.services?.(values, domain) ?? []) : [];
    return names.map((name) => ({ domain: prepareHostName(name) ?? name, extension: declaration.name }));
  });
}

/** `taken`: by prepared domain, who has it already, in words. */
export function checkServices(
  hosts: readonly (Pick<Host, "domain"> & { readonly services: readonly ServiceDomain[] })[],
  taken: ReadonlyMap<string, string>,
  problems: Problems,
): void {
  const owners = new Map(taken);
  for (const host of hosts) {
    for (const { domain, extension } of host.services) {
      const path = ["hosts", host.domain, "extensions", extension];
      const owner = owners.get(domain);
      const advice = "set another address here, or enabled = false";
      if (prepareHostName(domain) === undefined)
        problems.add(path, `${JSON.stringify(domain)}, its address, is no domain; ${advice}`);
      else if (owner !== undefined) problems.add(path, `its address ${domain} is taken by ${owner}; ${advice}`);
      owners.set(domain, `the extension ${extension} of ${host.domain}`);
    }
  }
}
