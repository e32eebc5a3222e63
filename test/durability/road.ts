// The road between two servers: a TCP proxy that can be cut, and then loses all that was on its way.
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import type { TestContext } from "node:test";

export class Road {
  /** "address:port". */
  start = "";
  /** Bytes that have gone through since the last cut, both ways. */
  #passed = 0;
  #cutAfter = Infinity;
  #cuts = 0;
  readonly #sockets = new Set<Socket>();
  readonly #server = createServer({ noDelay: true }, (socket) => this.#lead(socket));
  /** Where it leads to: "address:port". */
  destination = "";

  /** A road on a port of its own; it ends with the test. */
  static async build(context: TestContext): Promise<Road> {
    const road = new Road();
    road.#server.listen(0, "127.0.0.1");
    await once(road.#server, "listening");
    road.start = `127.0.0.1:${(road.#server.address() as AddressInfo).port}`;
    context.after(() => road.close());
    return road;
  }

  get cuts(): number {
    return this.#cuts;
  }

  /** Each time that so many bytes have passed, everything that goes through is cut off. */
  cutsAfter(bytes: number): void {
    this.#cutAfter = bytes;
  }

  /** Nobody gets through any more. */
  close(): void {
    this.cut();
    this.#server.close();
  }

  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#passed = 0;
    this.#cuts += 1;
  }

  #lead(here: Socket): void {
    const [address, port] = this.destination.split(":");
    const there = connect({ host: address ?? "", port: Number(port), noDelay: true });
    this.#join(here, there);
    this.#join(there, here);
  }

  #join(from: Socket, to: Socket): void {
    this.#sockets.add(from);
    from.on("data", (bytes: Buffer) => this.#pass(bytes, from, to));
    to.on("drain", () => from.resume());
    from.on("end", () => to.end());
    // Who is not there, or has been killed, is for the servers to find out.
    from.on("error", () => to.destroy());
    from.on("close", () => {
      this.#sockets.delete(from);
      to.destroy();
    });
  }

  #pass(bytes: Buffer, from: Socket, to: Socket): void {
    this.#passed += bytes.length;
    if (this.#passed >= this.#cutAfter) return this.cut();
    if (!to.write(bytes)) from.pause();
  }
}
