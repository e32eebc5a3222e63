// The server as operators run it: its own process, with a real database in a folder of its own.
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createAuthentication } from "../../src/auth/authentication.js";
import { preparation } from "../../src/auth/jid-preparation.js";
import { databaseName } from "../../src/server.js";
import { sqliteStorage } from "../../src/storage/sqlite/sqlite-storage.js";
import type { Storage } from "../../src/storage/storage.js";
import { RawClient } from "../support/raw-client.js";

export const host = "verona.example";
const main = fileURLToPath(new URL("../../src/main.js", import.meta.url));

const configuration = `
addresses = ["127.0.0.1"]
[[listeners]]
type = "c2s"
port = 0
trusted = true
[hosts."${host}"]
[login]
scram_iterations = 10_000
[log]
level = "error"
`;

/** A folder with a configuration and accounts, whose passwords are their names. */
export class Household {
  readonly path = mkdtempSync(join(tmpdir(), "rookery-"));

  constructor(readonly domain = host) {
    this.configure(configuration);
  }

  /** Takes effect at the next start. */
  configure(text: string): void {
    writeFileSync(join(this.path, "rookery.toml"), text);
  }

  /** Likewise: adds tables to the usual configuration. */
  extend(text: string): void {
    this.configure(configuration + text);
  }

  /** The database, while no server runs on it. */
  async withStorage<T>(use: (storage: Storage) => Promise<T>): Promise<T> {
    const storage = await sqliteStorage(join(this.path, "data", databaseName));
    try {
      return await use(storage);
    } finally {
      await storage.close();
    }
  }

  async settle(users: readonly string[]): Promise<void> {
    await this.withStorage(async (storage) => {
      const { accounts } = createAuthentication({
        accounts: storage.accounts,
        secret: Buffer.alloc(32),
        preparation,
        optionsOf: () => ({ mechanisms: [], anonymous: false, scram_iterations: 10_000, former_scram_iterations: [] }),
        onFault: assert.ifError,
      });
      await Promise.all(users.map((user) => accounts.create({ host: this.domain, user }, user)));
    });
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

export class ServerProcess {
  #complaints = "";
  port = 0;
  readonly #exited: Promise<unknown>;

  private constructor(
    private readonly child: ChildProcess,
    private readonly domain: string,
  ) {
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (this.#complaints += text));
    this.#exited = once(child, "exit");
  }

  /** Starts it, and resolves when it listens. */
  static async start({ path, domain }: Household): Promise<ServerProcess> {
    const server = new ServerProcess(spawn(process.execPath, [main, "start", "--json"], { cwd: path }), domain);
    server.port = await server.#portSaid();
    return server;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get complaints(): string {
    return this.#complaints;
  }

  async login(user: string, password = user, resource = "orchard"): Promise<RawClient> {
    const client = await RawClient.tcp(this.port, this.domain);
    await client.authenticates(user, password);
    await client.binds(resource);
    return client;
  }

  /** SIGKILL; resolves when the process is gone. */
  async kill(): Promise<void> {
    this.child.kill("SIGKILL");
    await this.#exited;
  }

  /** SIGTERM; resolves to the exit code. */
  async terminate(): Promise<number | null> {
    this.child.kill("SIGTERM");
    await this.#exited;
    return this.child.exitCode;
  }

  #portSaid(): Promise<number> {
    return new Promise((resolve, reject) => {
      let text = "";
      this.child.stdout?.setEncoding("utf8").on("data", (piece: string) => {
        text += piece;
        const [, port] = /"type":"c2s"[^}]*"port":(\d+)/.exec(text) ?? [];
        if (port !== undefined) resolve(Number(port));
      });
      this.child.once("exit", () => reject(new Error(`The server did not start: ${this.#complaints}`)));
    });
  }
}
