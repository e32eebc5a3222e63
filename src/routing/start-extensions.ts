// Starts the extensions of a host in the order of their needs, and stops them the other way round.
import type { HostConfig } from "../config/config.js";
import type { Extension } from "../extension/declaration.js";
import type { Storage } from "../storage/storage.js";
import { sortByName } from "../extension/order.js";
import { extensionHost, type ExtensionSurroundings } from "./extension-host.js";

export interface StartExtensionsParts extends Omit<ExtensionSurroundings, "interfaceOf" | "domains"> {
  readonly config: HostConfig;
  readonly storage: Storage;
  /** Those that are enabled on this host. */
  readonly extensions: readonly Extension<unknown>[];
}

/** The extensions of a host while they run. */
export interface RunningExtensions {
  /** The server is about to stop: what they have to say goes to everybody who is connected. */
  sayFarewell(): void;
  /** Once nobody is connected any more. */
  stop(): Promise<void>;
}

/** Starts them all and compiles the host's tables. Throws when one can't start. */
export async function startExtensions(parts: StartExtensionsParts): Promise<RunningExtensions> {
  const { local, tables, extensions } = parts;
  const interfaces = new Map<Extension<unknown>, unknown>();
  for (const extension of inOrder(extensions)) interfaces.set(extension, await start(extension, parts, interfaces));
  local.undeliverable = sortByName(tables.undeliverable);
  local.compile();
  return { sayFarewell: () => sayFarewell(parts), stop: () => stop(tables) };
}

function sayFarewell({ local, tables }: StartExtensionsParts): void {
  for (const { owner, handler } of tables.farewells) {
    try {
      handler();
    } catch (error) {
      local.failed(owner, "farewell", error);
    }
  }
}

async function stop({ stops }: StartExtensionsParts["tables"]): Promise<void> {
  for (const stop of stops.reverse()) await stop();
}

/** The names of the hot stores, which come along when an account is loaded. */
export function hotStores(extensions: readonly Extension<unknown>[]): string[] {
  return extensions.flatMap(({ name, stores }) =>
    Object.entries(stores).flatMap(([store, shape]) => (shape.isHot ? [`${name}.${store}`] : [])),
  );
}

/** Every extension behind those that it requires. */
function inOrder(extensions: readonly Extension<unknown>[]): Extension<unknown>[] {
  const named = extensions.map((extension) => {
    const after = (extension.requires ?? []).map(({ name }) => name);
    const missing = after.find((name) => !extensions.some((other) => other.name === name));
    if (missing !== undefined) throw new Error(`The extension ${extension.name} needs ${missing}, which is off.`);
    return { owner: extension.name, after, extension };
  });
  return sortByName(named).map(({ extension }) => extension);
}

function start(
  extension: Extension<unknown>,
  parts: StartExtensionsParts,
  interfaces: ReadonlyMap<Extension<unknown>, unknown>,
): unknown {
  const { config, storage, local } = parts;
  const interfaceOf = (other: Extension<unknown>, asker: string): unknown => {
    if (interfaces.has(other)) return interfaces.get(other);
    throw new Error(`${asker} uses ${other.name} without requiring it.`);
  };
  const stores: Record<string, unknown> = {};
  for (const [name, shape] of Object.entries(extension.stores)) {
    const place = { storage, host: local.jid.domain, name: `${extension.name}.${name}`, hotAccounts: local.accounts };
    stores[name] = shape.bind(place);
  }
  const options = config.extension(extension).values;
  const host = extensionHost(extension, options, stores, {
    ...parts,
    interfaceOf,
    domains: config.services,
  });
  return extension.start(host);
}
