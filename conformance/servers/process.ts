// What the servers that the suite starts by itself have in common: a folder, free ports, a process, a certificate.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Authority } from "../peer/authority.js";
import type { ServerUnderTest } from "../server-under-test.js";

/** A server that the suite started, and how to stop it. */
export interface StartedServer {
  readonly server: ServerUnderTest;
  readonly stop: () => Promise<void>;
}

/** A new folder for one run of a server. */
export function makeFolder(name: string): Promise<string> {
  return mkdtemp(join(tmpdir(), `conformance-${name}-`));
}

/** Ports on the loopback that are free now. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  const ports = servers.map(portOf);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server does not listen on a port");
  return address.port;
}

/** Paths of PEM files. */
export interface CertificatePaths {
  readonly certificate: string;
  readonly key: string;
  /** What the server is to trust. */
  readonly authority: string;
}

/** Writes a certificate for the domains, its key, and the certificate of the authority that issued it. */
export async function makeCertificate(
  folder: string,
  authority: Authority,
  domains: readonly string[],
): Promise<CertificatePaths> {
  const paths = {
    certificate: join(folder, "certificate.pem"),
    key: join(folder, "key.pem"),
    authority: join(folder, "authority.pem"),
  };
  const { certificate, key } = authority.certify(domains);
  await writeFile(paths.certificate, certificate);
  await writeFile(paths.key, key, { mode: 0o600 });
  await writeFile(paths.authority, authority.certificate);
  return paths;
}

/** A process with its last words, so that a failed start can be explained. */
export class ServerProcess {
  private words = "";

  private constructor(private readonly child: ChildProcess) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (data: Buffer) => (this.words = (this.words + data.toString()).slice(-4000)));
    }
    child.on("error", (error) => (this.words += error.message));
  }

  /** Starts a program and waits until this port answers. @throws Error with its output when it ends before that */
  static async start(
    program: string,
    argv: string[],
    port: number,
    environment: NodeJS.ProcessEnv = {},
  ): Promise<ServerProcess> {
    const child = spawn(program, argv, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...environment } });
    const started = new ServerProcess(child);
    for (let tries = 0; !(await isOpen(port)); tries++) {
      if (child.exitCode !== null || child.pid === undefined || tries > 600) {
        child.kill("SIGKILL");
        throw new Error(`${program} did not start:\n${started.words}`);
      }
      await pause(50);
    }
    return started;
  }

  /** Ends the process and removes its folder. */
  async stop(folder: string): Promise<void> {
    if (this.child.exitCode === null) {
      const ended = once(this.child, "exit");
      this.child.kill("SIGTERM");
      const timer = setTimeout(() => this.child.kill("SIGKILL"), 5000);
      await ended;
      clearTimeout(timer);
    }
    await rm(folder, { recursive: true, force: true });
  }
}

async function isOpen(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  return new Promise((resolve) => {
    socket.once("connect", () => resolve(true));
    socket.once("error", () => resolve(false));
  }).then((isListening) => {
    socket.destroy();
    return isListening === true;
  });
}
