// A TCP connection through the test's hands: it can be cut, or stop passing anything on.
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { once } from "node:events";
import type { TestContext } from "node:test";

export class Cuttable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** Connections that came so far. */
  count = 0;
  /** Passes nothing on, and accepts all the same. */
  isSilent = false;

  private constructor(private readonly target: () => number | undefined) {
    this.#server = createServer((socket) => this.#relay(socket));
  }

  /** `target`: the port that connections are passed on to; undefined while nobody listens. */
  static async before(test: TestContext, target: () => number | undefined): Promise<Cuttable> {
    const cuttable = new Cuttable(target);
    cuttable.#server.listen(0, "127.0.0.1");
    await once(cuttable.#server, "listening");
    test.after(() => {
      cuttable.cut();
      cuttable.#server.close();
    });
    return cuttable;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Ends every connection without a word. */
  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  #relay(socket: Socket): void {
    this.count += 1;
    const port = this.target();
    if (port === undefined) return void socket.resetAndDestroy();
    const other = this.isSilent ? undefined : connect(port, "127.0.0.1");
    for (const each of other === undefined ? [socket] : [socket, other]) {
      this.#sockets.add(each);
      each.on("error", () => undefined).on("close", () => this.#sockets.delete(each));
    }
    if (other === undefined) return;
    socket.pipe(other).pipe(socket);
    socket.on("close", () => other.destroy());
    other.on("close", () => socket.destroy());
  }
}
