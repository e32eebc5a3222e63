// The other end of a connection: a plain socket, in clear or in TLS.
import { once } from "node:events";
import { connect as connectTcp, type Socket } from "node:net";
import type { TestContext } from "node:test";
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from "node:tls";
import type { Listener } from "../../../src/net/reception.js";

export class Client<S extends Socket = Socket> {
  readonly socket: S;
  #text = "";

  constructor(socket: S) {
    this.socket = socket;
    socket.on("data", (bytes: Buffer) => (this.#text += bytes.toString()));
    socket.on("error", () => undefined); // what tests wait for is "close"
  }

  get text(): string {
    return this.#text;
  }

  async untilText(text: string): Promise<void> {
    while (!this.#text.includes(text)) await once(this.socket, "data");
  }

  async untilClosed(): Promise<void> {
    if (!this.socket.closed) await once(this.socket, "close");
  }
}

export async function inClear(test: TestContext, { port }: Listener, allowHalfOpen = false): Promise<Client> {
  const socket = connectTcp({ port, host: "127.0.0.1", allowHalfOpen });
  test.after(() => socket.destroy());
  const client = new Client(socket);
  await once(socket, "connect");
  return client;
}

/** A finished handshake. Rejects with the client's error when there is none. */
export async function inTls(
  test: TestContext,
  over: Listener | Socket,
  options: ConnectionOptions = {},
): Promise<Client<TLSSocket>> {
  const where = "port" in over ? { port: over.port, host: "127.0.0.1" } : { socket: over };
  const socket = connectTls({ ...where, rejectUnauthorized: false, ...options });
  test.after(() => socket.destroy());
  await once(socket, "secureConnect");
  return new Client(socket);
}

/** Names in the certificate that the server showed. */
export function shownTo({ socket }: Client<TLSSocket>): string | undefined {
  return socket.getPeerX509Certificate()?.subjectAltName?.split(", ")[0]?.replace("DNS:", "");
}
