// A client's end of a connection of any kind.
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { WebSocket } from "ws";
import type { Kind } from "./child.js";

export interface Dialled {
  write(bytes: Buffer): void;
  onBytes(listener: (bytes: Buffer) => void): void;
}

export async function dial(kind: Kind, port: number): Promise<Dialled> {
  if (kind === "websocket") return dialWebSocket(port);
  const socket = kind === "tls" ? undefined : await opened(connect({ port, host: "127.0.0.1", noDelay: true }));
  if (kind === "tcp" && socket !== undefined) return over(socket);
  if (socket !== undefined) {
    socket.write("<starttls/>");
    await once(socket, "data");
  }
  const secured = connectTls({ ...(socket === undefined ? { port, host: "127.0.0.1" } : { socket }), ...unverified });
  await once(secured, "secureConnect");
  secured.setNoDelay(true);
  return over(secured);
}

const unverified = { rejectUnauthorized: false, servername: "localhost" };

async function opened(socket: Socket): Promise<Socket> {
  await once(socket, "connect");
  return socket;
}

function over(socket: Socket): Dialled {
  return {
    write: (bytes) => void socket.write(bytes),
    onBytes: (listener) => void socket.on("data", listener),
  };
}

async function dialWebSocket(port: number): Promise<Dialled> {
  const client = new WebSocket(`wss://127.0.0.1:${port}/xmpp-websocket`, "xmpp", unverified);
  await once(client, "open");
  return {
    write: (bytes) => client.send(bytes, { binary: false }),
    onBytes: (listener) => void client.on("message", (data: Buffer) => listener(data)),
  };
}
