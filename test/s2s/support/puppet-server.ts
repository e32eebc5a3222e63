// A port of loopback that servers connect to; a test plays what answers there.
import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import type { TestContext } from "node:test";
import { Puppet, type Part } from "./puppet.js";

export class PuppetServer {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #come: Socket[] = [];
  #waiting: (() => void)[] = [];
  /** Connections that came so far. */
  count = 0;

  private constructor(private readonly part: Part) {
    this.#server = createServer({ noDelay: true }, (socket) => this.#accept(socket));
  }

  static async begin(test: Pick<TestContext, "after">, part: Part): Promise<PuppetServer> {
    const server = new PuppetServer(part);
    server.#server.listen(0, "127.0.0.1");
    await once(server.#server, "listening");
    test.after(() => {
      for (const socket of server.#sockets) socket.destroy();
      server.#server.close();
    });
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** What a server must say to reach it, with more lines for the peer. */
  asPeer(more = "", isDirectTls = false): string {
    return `[peers."${this.part.from}"]\ntargets = ["${isDirectTls ? "tls:" : ""}127.0.0.1:${this.port}"]\n${more}\n`;
  }

  /** The next connection. `part`: whom it plays this time. */
  async accept(part: Partial<Part> = {}): Promise<Puppet> {
    for (;;) {
      const socket = this.#come.shift();
      if (socket !== undefined) return new Puppet(socket, { ...this.part, ...part });
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  #accept(socket: Socket): void {
    this.count += 1;
    this.#sockets.add(socket);
    socket.on("error", () => undefined).on("close", () => this.#sockets.delete(socket));
    this.#come.push(socket);
    for (const wake of this.#waiting.splice(0)) wake();
  }
}
