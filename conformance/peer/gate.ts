// The gate of a peer: where the server under test comes to open a stream.
import { once } from "node:events";
import { Queue } from "../client/queue.js";
import { createServer, type Server, type Socket } from "node:net";

/** Keeps those who come until the scene lets them in. */
export class Gate {
  private readonly waiting = new Queue<Socket>();
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    /** On 127.0.0.1. */
    readonly port: number,
    /** Whether whoever comes begins with TLS (XEP-0368). */
    readonly isDirectTls: boolean,
  ) {
    server.on("connection", (socket) => this.welcome(socket));
  }

  static async open(isDirectTls: boolean): Promise<Gate> {
    const server = createServer({ noDelay: true });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("the gate has no port");
    return new Gate(server, address.port, isDirectTls);
  }

  /** The next connection. @throws Error when nobody comes within the patience (milliseconds) */
  async next(patience: number): Promise<Socket> {
    const socket = await this.waiting.take(patience);
    if (socket === undefined) throw new Error(`the server did not connect within ${patience} ms`);
    return socket;
  }

  /** Waits for a connection without letting it in. Gives whether there is one within the patience (milliseconds). */
  hasSomebody(patience: number): Promise<boolean> {
    return this.waiting.isFilled(patience);
  }

  /** Closes it, and with it all connections that came through it. */
  async close(): Promise<void> {
    if (!this.server.listening) return;
    const closed = once(this.server, "close");
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private welcome(socket: Socket): void {
    // The listener of the scene's connection tells of errors; before that there is nobody who could care.
    socket.on("error", () => socket.destroy());
    socket.once("close", () => this.sockets.delete(socket));
    this.sockets.add(socket);
    this.waiting.push(socket);
  }
}
