// The system's hosts file: names that the operator of a machine has given addresses to.
import { readFile, stat } from "node:fs/promises";
import { isIP } from "node:net";
import { join } from "node:path";

export const systemHostsFile =
  process.platform === "win32"
    ? join(process.env["SystemRoot"] ?? "C:\\Windows", "System32\\drivers\\etc\\hosts")
    : "/etc/hosts";

/** Bytes. Longer files are block lists, in which nobody's server stands. */
const longestFile = 1_048_576;

/**
 * Read by ourselves, not through dns.lookup(): that would ask DNS a second time, in one of Node's few threads for blocking
 * calls, and by the resolver's search list it finds names under the operator's own domain that nobody asked for.
 */
export class HostsFile {
  readonly #path: string;
  #version = "";
  #names: ReadonlyMap<string, readonly string[]> = new Map();

  constructor(path: string) {
    this.#path = path;
  }

  /** None when the file does not name it, or can't be read. */
  async addressesOf(name: string): Promise<readonly string[]> {
    try {
      await this.#refresh();
    } catch {
      return []; // systems without the file are fine
    }
    return this.#names.get(name.toLowerCase()) ?? [];
  }

  async #refresh(): Promise<void> {
    const { mtimeMs, size } = await stat(this.#path);
    const version = `${mtimeMs} ${size}`;
    if (version === this.#version) return;
    this.#names = size > longestFile ? new Map() : namesIn(await readFile(this.#path, "utf8"));
    this.#version = version;
  }
}

function namesIn(text: string): Map<string, string[]> {
  const result = new Map<string, string[]>();
  for (const line of text.split("\n")) {
    const [address = "", ...names] = line.replace(/#.*/, "").trim().split(/\s+/);
    if (isIP(address) === 0) continue;
    for (const name of names) result.set(name.toLowerCase(), [...(result.get(name.toLowerCase()) ?? []), address]);
  }
  return result;
}
