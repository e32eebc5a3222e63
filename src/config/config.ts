// The configuration: TOML in, one typed immutable value out, or every problem at once.
import { parse, TomlError } from "smol-toml";
import { dirname, resolve } from "node:path";
import type { Declarations } from "./declarations.js";
import { refuseHosts, takenDomains } from "./domains.js";
import { readExtensions } from "./extensions.js";
import { readHosts, type GivenHost, type hostOptions } from "./host.js";
import { findKeyLines } from "./key-lines.js";
import { addressesOption, type ListenerSettings } from "./listener.js";
import { readListeners } from "./listeners.js";
import { readKeyed } from "./keyed.js";
import {
  lookUpExtensions,
  lookUpSections,
  lookUpTables,
  type ConfigOfExtension,
  type TablesOfSection,
  type ValuesOfSection,
} from "./lookup.js";
import { option, type Options, type Section, type ValuesOf } from "./option.js";
import { ConfigError, Problems } from "./problem.js";
import { checkServices, type ServiceDomain, servicesOf } from "./services.js";
import { readGiven, tableAt, valuesOf, type Given, type Table } from "./table.js";

/** Options that stand at the top of the file, in no table. */
export const topOptions = {
  data: option.string("data", "Directory of the database, secrets and control socket; relative to this file."),
  addresses: addressesOption,
};

export interface HostConfig {
  /** Prepared (RFC 7622 §3.2). */
  readonly domain: string;
  /** Absolute path of the PEM file; undefined: use the self-signed one. Likewise `key`. */
  readonly certificate: string | undefined;
  readonly key: string | undefined;
  readonly admins: readonly string[];
  /** The section's values on this host: the host's own, else the server's, else the defaults. */
  readonly values: ValuesOfSection;
  /** Likewise for tables with keys of the operator's: the server's, each overridden by the host's of that key. */
  readonly tables: TablesOfSection;
  /** Throws for an extension that was not handed to readConfig. */
  readonly extension: ConfigOfExtension;
  /** Domains that its extensions serve, such as rooms.example.org; no two hosts have the same. */
  readonly services: readonly ServiceDomain[];
}

export interface Config {
  /** As it was named; for messages. */
  readonly fileName: string;
  /** Absolute path of the directory that relative paths in the file count from. */
  readonly directory: string;
  /** Absolute path of the data directory. */
  readonly data: string;
  readonly listeners: readonly ListenerSettings[];
  /** At least one, in the order of the file. */
  readonly hosts: readonly HostConfig[];
  /** Server-wide values. Throws for a section that was not handed to readConfig. */
  readonly values: ValuesOfSection;
  /** By prepared key; in the order of the file. Throws likewise. */
  readonly tables: TablesOfSection;
  /** Undefined for a domain that is not served; the domain is prepared. */
  host(domain: string): HostConfig | undefined;
  /** Likewise, or the host that the service with this domain belongs to. */
  hostServing(domain: string): HostConfig | undefined;
}

/**
 * Reads a configuration file's text. Relative paths in it count from `directory`, the file's own.
 * @throws ConfigError naming every problem with file, line, key, what was found and what is allowed.
 */
export function readConfig(
  text: string,
  fileName: string,
  declarations: Declarations,
  directory = dirname(resolve(fileName)),
): Config {
  const top = parseToml(text, fileName);
  const problems = new Problems(fileName, findKeyLines(text));
  const { sections, keyed, extensions } = declarations;
  const names = ["listeners", "hosts", "extensions", ...[...sections, ...keyed].map(({ name }) => name)];
  const own = valuesOf(topOptions, readGiven(top, topOptions, [], problems, names));
  const given = {
    sections: new Map(sections.map((each) => [each.name, readSection(top, each, problems)])),
    tables: readKeyed(top, [], keyed, problems),
    extensions: readExtensions(top, [], extensions, problems),
  };
  const listeners = readListeners(top, own.addresses, problems);
  const hosts = readHosts(top, declarations, problems);
  refuseHosts(keyed, given.tables, hosts, problems);
  problems.throwIfAny();
  const configs = hosts.map((host) => makeHost(host, directory, declarations, given));
  checkServices(configs, takenDomains(keyed, given.tables, hosts), problems);
  problems.throwIfAny();
  const servers = new Map(configs.flatMap((host) => [host, ...host.services].map(({ domain }) => [domain, host])));
  return Object.freeze({
    fileName,
    directory,
    data: resolve(directory, own.data),
    listeners,
    hosts: configs,
    values: lookUpSections(declarations, given.sections),
    tables: lookUpTables(declarations, given.tables),
    host: (domain: string) => configs.find((host) => host.domain === domain),
    hostServing: (domain: string) => servers.get(domain),
  });
}

function parseToml(text: string, fileName: string): Table {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const message = `not valid TOML: ${error.message.split("\n")[0]?.replace(/^Invalid TOML document: /, "") ?? ""}`;
    throw new ConfigError([{ file: fileName, line: error.line, key: "", message }]);
  }
}

function readSection(top: Table, { name, options }: Section<Options>, problems: Problems): Given {
  return readGiven(tableAt(top, name, [name], problems), options, [name], problems);
}

/** What stands at the top of the file, for all hosts. */
type GivenServer = Pick<GivenHost, "sections" | "tables" | "extensions">;

function makeHost(own: GivenHost, directory: string, declared: Declarations, server: GivenServer): HostConfig {
  const extension = lookUpExtensions(declared, server.extensions, own.extensions);
  return Object.freeze({
    domain: own.domain,
    ...absolute(own.options, directory),
    values: lookUpSections(declared, server.sections, own.sections),
    tables: lookUpTables(declared, server.tables, own.tables),
    extension,
    services: servicesOf({ domain: own.domain, extension }, declared),
  });
}

function absolute(options: ValuesOf<typeof hostOptions>, directory: string): ValuesOf<typeof hostOptions> {
  const file = (name: string | undefined) => (name === undefined ? undefined : resolve(directory, name));
  return { ...options, certificate: file(options.certificate), key: file(options.key) };
}
