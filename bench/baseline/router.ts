// A bare router, the floor under every server: reads nothing of what it forwards. Arguments: port [key certificate].
// A client's first line says who it is and whom it writes to: `3>7,8\n`; the answer is `ok\n`.
import { readFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { createServer as createSecureServer } from "node:tls";

const [port = "0", key, certificate] = process.argv.slice(2);
const sockets = new Map<string, Socket>();

function greet(socket: Socket): void {
  socket.setNoDelay(true);
  socket.on("error", () => socket.destroy());
  socket.once("data", (line: Buffer) => {
    const [name = "", route = ""] = line.toString("latin1").trimEnd().split(">");
    sockets.set(name, socket);
    socket.on("close", () => sockets.delete(name));
    socket.on("data", (chunk: Buffer) => forward(chunk, targets));
    const targets = route === "" ? [] : route.split(",");
    socket.write("ok\n");
  });
}

function forward(chunk: Buffer, targets: readonly string[]): void {
  for (const target of targets) sockets.get(target)?.write(chunk);
}

const server =
  key && certificate
    ? createSecureServer({ key: readFileSync(key), cert: readFileSync(certificate) }, greet)
    : createServer(greet);
server.listen({ port: Number(port), host: "127.0.0.1", backlog: 4096 });
process.on("SIGTERM", () => process.exit());
