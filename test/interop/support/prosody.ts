// Prosody as the server under test: what a client test fails with, Prosody must fail with too, or Rookery is wrong.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as elapse } from "node:timers/promises";
import { selfSigned } from "../../../src/net/self-signed.js";
import { freePort } from "./free-port.js";
import { STARTING_MILLISECONDS } from "./patience.js";
import { Program } from "./program.js";
import { passwordOf, type ServerUnderTest } from "./server-under-test.js";

const HOST = "127.0.0.1";
const DOMAIN = "localhost";

/** Starts Debian's Prosody with its usual modules and WebSocket. */
export async function startProsody(users: readonly string[]): Promise<ServerUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), "rookery-interop-"));
  const ports = { STARTTLS: await freePort(), "direct TLS": await freePort(), WebSocket: await freePort() };
  const certificate = await writeFiles(folder, users, ports);
  const args = ["--config", join(folder, "prosody.cfg.lua"), "-F"];
  const program = await Program.start("prosody", { args, installation: "apt-get install prosody" });
  await Promise.all(Object.values(ports).map(listening));
  const stop = async () => {
    await program.stop("SIGTERM");
    await rm(folder, { recursive: true });
  };
  return { domain: DOMAIN, host: HOST, ports, certificate, passwordOf, stop };
}

async function writeFiles(folder: string, users: readonly string[], ports: ServerUnderTest["ports"]): Promise<string> {
  const secrets = await selfSigned([DOMAIN]);
  const certificate = join(folder, "certificate.pem");
  await writeFile(certificate, secrets.certificate);
  await writeFile(join(folder, "key.pem"), secrets.key);
  await writeFile(join(folder, "prosody.cfg.lua"), configuration(folder, ports));
  const accounts = join(folder, DOMAIN, "accounts");
  await mkdir(accounts, { recursive: true });
  for (const user of users) {
    await writeFile(join(accounts, `${user}.dat`), `return { ["password"] = "${passwordOf(user)}" };\n`);
  }
  return certificate;
}

function configuration(folder: string, ports: ServerUnderTest["ports"]): string {
  return `
run_as_root = true
data_path = "${folder}"
modules_enabled = { "roster", "saslauth", "tls", "disco", "private", "ping", "version", "time", "uptime", "websocket" }
modules_disabled = { "s2s" }
authentication = "internal_hashed"
log = { error = "${folder}/error.log" }
interfaces = { "${HOST}" }
c2s_ports = { ${ports.STARTTLS} }
c2s_direct_tls_ports = { ${ports["direct TLS"]} }
https_ports = { ${ports.WebSocket} }
http_ports = { }
ssl = { key = "${folder}/key.pem", certificate = "${folder}/certificate.pem" }
https_ssl = ssl
c2s_direct_tls_ssl = ssl
VirtualHost "${DOMAIN}"
`;
}

/** Prosody does not say when it listens: it is asked until it answers. */
async function listening(port: number): Promise<void> {
  const deadline = Date.now() + STARTING_MILLISECONDS;
  while (Date.now() < deadline) {
    if (await answers(port)) return;
    await elapse(50);
  }
  throw new Error(`Prosody does not listen on port ${port}.`);
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, HOST);
    socket.once("error", () => resolve(false));
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
  });
}
