// [hosts."example.org"]: a virtual host, its own options, and what it overrides.
import { prepareHostName } from "./host-name.js";
import { formatKey, type KeyPath } from "./key-lines.js";
import { kind, option, OptionError, type Kind, type ValuesOf } from "./option.js";
import { readExtensions, type GivenExtensions } from "./extensions.js";
import { readKeyed, type GivenTables } from "./keyed.js";
import { readGiven, tableAt, valuesOf, type Given, type Table } from "./table.js";
import type { Declarations } from "./declarations.js";
import type { Problems } from "./problem.js";

const bareJid: Kind<string> = {
  ...kind.string(),
  type: `address such as "juliet@example.org"`,
  read(value) {
    const [, domain] = typeof value === "string" ? (/^[^@/\s]+@([^@/\s]+)$/.exec(value) ?? []) : [];
    if (typeof value === "string" && prepareHostName(domain ?? "") !== undefined) return value;
    throw new OptionError(this.type);
  },
};

export const hostOptions = {
  certificate: option.optional(
    kind.string(),
    "File with the certificate and its chain (PEM); a self-signed one is made when there is none.",
    '"/etc/letsencrypt/live/example.org/fullchain.pem"',
  ),
  key: option.optional(
    kind.string(),
    "File with the certificate's private key (PEM).",
    '"/etc/letsencrypt/live/example.org/privkey.pem"',
  ),
  admins: option.list(bareJid, [], "Accounts that may administer this host."),
};

/** What one host's table says. */
export interface GivenHost {
  readonly domain: string;
  readonly options: ValuesOf<typeof hostOptions>;
  /** By section name. */
  readonly sections: ReadonlyMap<string, Given>;
  /** By keyed section's name. */
  readonly tables: ReadonlyMap<string, GivenTables>;
  readonly extensions: GivenExtensions;
}

/** Reads [hosts]: every host, in the order of the file. */
export function readHosts(top: Table, declarations: Declarations, problems: Problems): readonly GivenHost[] {
  const table = tableAt(top, "hosts", ["hosts"], problems);
  const hosts = new Map<string, GivenHost>();
  for (const name of Object.keys(table)) {
    const path = ["hosts", name];
    const domain = checkedDomain(name, hosts, path, problems);
    const host = readHost(domain ?? name, tableAt(table, name, path, problems), path, declarations, problems);
    if (domain !== undefined) hosts.set(domain, host);
  }
  if (!Object.hasOwn(top, "hosts")) problems.add([], `no host is served; add a table such as [hosts."example.org"]`);
  return [...hosts.values()];
}

function checkedDomain(
  name: string,
  hosts: ReadonlyMap<string, GivenHost>,
  path: KeyPath,
  problems: Problems,
): string | undefined {
  const domain = prepareHostName(name);
  if (domain === undefined)
    problems.add(path, `${JSON.stringify(name)} is no host name; allowed: [hosts."example.org"]`);
  else if (hosts.has(domain)) problems.add(path, `this host stands here twice: it is the same as ${formatKey(domain)}`);
  else return domain;
  return undefined;
}

function readHost(
  domain: string,
  table: Table,
  path: KeyPath,
  declarations: Declarations,
  problems: Problems,
): GivenHost {
  const own = declarations.sections.filter(isForHost);
  const keyed = declarations.keyed.filter(isForHost);
  const misplaced = misplacedIn(table, declarations, path, problems);
  const elsewhere = [...own, ...keyed].map(({ name }) => name).concat("extensions", misplaced);
  const given = readGiven(table, hostOptions, path, problems, elsewhere);
  const options = valuesOf(hostOptions, given);
  if ((options.certificate === undefined) !== (options.key === undefined))
    problems.add(path, "certificate and key are given both or not at all");
  const sections = own.map(({ name, options }) => {
    const at = [...path, name];
    return [name, readGiven(tableAt(table, name, at, problems), options, at, problems)] as const;
  });
  const tables = readKeyed(table, path, keyed, problems);
  const extensions = readExtensions(table, path, declarations.extensions, problems);
  return { domain, options, sections: new Map(sections), tables, extensions };
}

/** The names of tables in a host's that count for the whole server only. */
function misplacedIn(
  table: Table,
  { sections, keyed }: Declarations,
  path: KeyPath,
  problems: Problems,
): readonly string[] {
  const server = [...sections, ...keyed].filter((each) => !isForHost(each)).map(({ name }) => name);
  const misplaced = server.filter((name) => Object.hasOwn(table, name));
  for (const name of misplaced) problems.add([...path, name], `stands only at the top of the file, as [${name}]`);
  return misplaced;
}

function isForHost({ scope }: { readonly scope: "server" | "host" }): boolean {
  return scope === "host";
}
