// One connection of the generator: text awaited by pattern while it logs in, raw chunks counted afterwards.
import { connect, type Socket } from "node:net";
import { connect as secure } from "node:tls";
import type { Target } from "../job.js";

/** Loopback addresses that the generator calls from, so that no limit per address is met. */
const SOURCE_ADDRESSES = 200;

interface Expectation {
  readonly pattern: RegExp;
  readonly resolve: (match: RegExpExecArray) => void;
  readonly reject: (error: Error) => void;
}

/** A byte stream to a server. */
export class Connection {
  #socket: Socket;
  #text = "";
  #expected: Expectation | undefined;
  #ended: Error | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#listen();
  }

  /** Connects over plain TCP; `index` chooses the source address. */
  static async open(target: Target, index: number): Promise<Connection> {
    const localAddress = `127.0.1.${1 + (index % SOURCE_ADDRESSES)}`;
    const socket = connect({ host: target.host, port: target.port, localAddress, noDelay: true });
    await once(socket, "connect");
    return new Connection(socket);
  }

  /** Turns the connection into TLS 1.3 with a full handshake; the certificate is not judged. */
  async startTls(servername: string): Promise<void> {
    const plain = this.#socket;
    for (const event of ["data", "error", "close"]) plain.removeAllListeners(event);
    this.#socket = secure({
      socket: plain,
      servername,
      rejectUnauthorized: false,
      minVersion: "TLSv1.3",
      ecdhCurve: "X25519",
    });
    await once(this.#socket, "secureConnect");
    this.#listen();
  }

  write(bytes: string | Buffer): void {
    this.#socket.write(bytes);
  }

  /** Waits until what has arrived and was not yet awaited matches `pattern`; what follows the match is kept. */
  expect(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      this.#expected = { pattern, resolve, reject };
      this.#check();
    });
  }

  /** From now on hands each chunk to `onChunk`, or throws it away. */
  consume(onChunk?: (chunk: Buffer) => void): void {
    this.#socket.removeAllListeners("data");
    if (onChunk) this.#socket.on("data", onChunk);
    else this.#socket.resume();
  }

  /** Sends `farewell` and waits until the server has closed too. */
  async close(farewell: string): Promise<void> {
    this.consume();
    if (!this.#socket.closed) await closing(this.#socket, farewell);
  }

  /** Drops the connection without a farewell. */
  destroy(): void {
    this.#socket.destroy();
  }

  #listen(): void {
    this.#socket.on("data", (chunk: Buffer) => {
      this.#text += chunk.toString("utf8");
      this.#check();
    });
    this.#socket.on("error", (error) => this.#end(error));
    this.#socket.on("close", () => this.#end(new Error(`The server closed the connection, after: ${this.#text}`)));
  }

  #check(): void {
    const expected = this.#expected;
    if (!expected) return;
    const match = expected.pattern.exec(this.#text);
    if (match) this.#settle(expected, match);
    else if (/<(stream:error|failure)\b/.test(this.#text)) this.#end(new Error(`The server refused: ${this.#text}`));
    else if (this.#ended) expected.reject(this.#ended);
  }

  #settle(expected: Expectation, match: RegExpExecArray): void {
    this.#expected = undefined;
    this.#text = this.#text.slice(match.index + match[0].length);
    expected.resolve(match);
  }

  #end(error: Error): void {
    this.#ended ??= error;
    this.#expected?.reject(this.#ended);
    this.#expected = undefined;
  }
}

function once(socket: Socket, event: "connect" | "secureConnect"): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once("error", reject);
    socket.once(event, () => {
      socket.off("error", reject);
      resolve();
    });
  });
}

/** A server that drops the connection at the farewell instead of closing it has closed it, too. */
function closing(socket: Socket, farewell: string): Promise<void> {
  return new Promise((resolve) => {
    socket.once("close", () => resolve());
    socket.end(farewell);
  });
}
