// Verona as a process of its own: what is measured there is the server, not the test around it.
import { once } from "node:events";
import { fork } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { RawClient } from "../../support/raw-client.js";

/** What the process says when it is asked. */
export interface Figures {
  /** Bytes in use after everything was collected that nobody needs. */
  readonly heap: number;
  /** Bytes that wait for other servers, the most that ever did (looked at a hundred times a second), and domains known. */
  readonly waiting: number;
  readonly mostWaiting: number;
  readonly domains: number;
  /** The longest that it has worked since it was last asked, in milliseconds of processor time, before it looked at the clock again. */
  readonly longestWork: number;
}

export interface ServerProcess {
  enter(user: string): Promise<RawClient>;
  figures(): Promise<Figures>;
}

export const domain = "verona.example";

/** Starts it with these users, each with the own name as password; it goes with the test. */
export async function startServerProcess(
  test: TestContext,
  users: readonly string[],
  config: string,
): Promise<ServerProcess> {
  const folder = await mkdtemp(join(tmpdir(), "rookery-"));
  const file = join(folder, "verona.toml");
  const listener = `[[listeners]]\ntype = "c2s"\nport = 0\ntrusted = true\n`;
  const head = `data = ${JSON.stringify(folder)}\naddresses = ["127.0.0.1"]\n[hosts."${domain}"]\n`;
  await writeFile(file, `${head}[login]\nscram_iterations = 10_000\n${listener}${config}`);
  const child = fork(fileURLToPath(new URL("lonely-server.js", import.meta.url)), [file, ...users], {
    execArgv: ["--expose-gc"],
  });
  const clients: RawClient[] = [];
  test.after(async () => {
    for (const client of clients) client.vanishes();
    child.kill("SIGKILL");
    await once(child, "exit");
    await rm(folder, { recursive: true, force: true });
  });
  const [port] = (await once(child, "message")) as [number];
  return {
    enter: async (user) => {
      const client = await RawClient.tcp(port, domain);
      clients.push(client);
      await client.authenticates(user, user);
      await client.binds("orchard");
      await client.becomesAvailable();
      return client;
    },
    figures: async () => {
      child.send("figures");
      return ((await once(child, "message")) as [Figures])[0];
    },
  };
}
