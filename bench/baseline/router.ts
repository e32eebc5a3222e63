// A bare router, the floor under every server: reads nothing of what it forwards. Argument: BareOptions as JSON.
// A client's first line says who it is and whom it writes to: `3>7,8\n`, or `3>*\n` for all; the answer is `ok\n`.
import { readFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { connect, createServer as createSecureServer } from "node:tls";
import { receive, sender } from "./link.js";

/** How a bare router is started. */
export interface BareOptions {
  readonly address: string;
  readonly port: number;
  /** PEM files, for TLS. */
  readonly secrets?: { readonly key: string; readonly certificate: string };
  /** Where another router may call, and where that is called for clients who are not here. */
  readonly link?: { readonly port: number; readonly partner: { readonly address: string; readonly port: number } };
}

// Written by bench/servers/bare.ts.
const { address, port, secrets, link } = JSON.parse(process.argv[2] ?? "") as BareOptions;
const sockets = new Map<string, Socket>();
let across: ((target: string, chunk: Buffer) => void) | undefined;

function greet(socket: Socket): void {
  socket.setNoDelay(true);
  socket.on("error", () => socket.destroy());
  socket.once("data", (line: Buffer) => {
    const [name = "", route = ""] = line.toString("latin1").trimEnd().split(">");
    sockets.set(name, socket);
    socket.on("close", () => sockets.delete(name));
    socket.on("data", route === "*" ? broadcast : (chunk: Buffer) => forward(chunk, targets));
    const targets = route === "" ? [] : route.split(",");
    socket.write("ok\n");
  });
}

function forward(chunk: Buffer, targets: readonly string[]): void {
  for (const target of targets) {
    const socket = sockets.get(target);
    if (socket) socket.write(chunk);
    else if (link) (across ??= call(link.partner))(target, chunk);
  }
}

function broadcast(chunk: Buffer): void {
  for (const socket of sockets.values()) socket.write(chunk);
}

/** The certificate is not judged: the handshake is over before anything is measured. */
function call(partner: { readonly address: string; readonly port: number }) {
  const socket = connect({ host: partner.address, port: partner.port, rejectUnauthorized: false });
  socket.setNoDelay(true);
  return sender(socket);
}

function answer(socket: Socket): void {
  socket.on("error", () => socket.destroy());
  receive(socket, (target, chunk) => sockets.get(target)?.write(chunk));
}

function serve(port: number, onConnection: (socket: Socket) => void): void {
  const server = secrets
    ? createSecureServer({ key: readFileSync(secrets.key), cert: readFileSync(secrets.certificate) }, onConnection)
    : createServer(onConnection);
  server.listen({ port, host: address, backlog: 4096 });
}

serve(port, greet);
if (link) serve(link.port, answer);
process.on("SIGTERM", () => process.exit());
