// The other end of a stream with a server, played by hand: it says any bytes, as the one who connects or who is connected to.
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { connect as connectTls, createSecureContext, TLSSocket } from "node:tls";
import type { Identity } from "../../net/support/authority.js";

export const tls = "urn:ietf:params:xml:ns:xmpp-tls";
export const sasl = "urn:ietf:params:xml:ns:xmpp-sasl";
export const management = "urn:xmpp:sm:3";
const streams = "http://etherx.jabber.org/streams";

export interface Part {
  /** Domains: who the puppet says it is, and whom it talks to. */
  readonly from: string;
  readonly to: string;
  /** What it shows inside TLS; nothing when left out. */
  readonly identity?: Identity | undefined;
}

export class Puppet {
  /** All that came, from the first byte on. */
  heard = "";
  /** The id that the server gave the stream. */
  id = "";
  readonly #tcp: Socket;
  #unread = "";
  #hasEnded = false;
  #waiting: (() => void)[] = [];

  constructor(
    private socket: Socket,
    readonly part: Part,
  ) {
    this.#tcp = socket;
    this.#listen(socket);
  }

  /** Opens a connection to a port of loopback. */
  static async to(port: number, part: Part): Promise<Puppet> {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    const puppet = new Puppet(socket, part);
    await once(socket, "connect");
    return puppet;
  }

  /** The same with TLS from the first byte (XEP-0368). */
  static async toTls(port: number, part: Part): Promise<Puppet> {
    const puppet = await Puppet.to(port, part);
    await puppet.upgrades();
    return puppet;
  }

  /** In one write. */
  send(text: string | Buffer): void {
    this.socket.write(text);
  }

  /** Resolves once the kernel has taken it: true; or the connection is gone: false. */
  sent(text: string): Promise<boolean> {
    const { socket } = this;
    return new Promise((resolve) => {
      const gone = (): void => resolve(false);
      socket.once("close", gone);
      socket.write(text, (error) => {
        socket.off("close", gone);
        setImmediate(() => resolve(error === undefined || error === null)); // others have their turn
      });
    });
  }

  /** Waits until what has not been read yet matches, reads up to there, and returns the match. */
  async receives(pattern: RegExp | string): Promise<RegExpExecArray> {
    for (;;) {
      const match = find(pattern, this.#unread);
      if (match !== null) {
        this.#unread = this.#unread.slice(match.index + match[0].length);
        return match;
      }
      assert.ok(!this.#hasEnded, `The stream ended without ${pattern}; unread: ${this.#unread.slice(0, 2000)}`);
      await this.#anything();
    }
  }

  /** Waits until the connection is closed; returns what was not read before. */
  async ends(): Promise<string> {
    while (!this.#hasEnded) await this.#anything();
    const rest = this.#unread;
    this.#unread = "";
    return rest;
  }

  /** RFC 6120 §4.9.1: the error is the last thing on the stream, then the footer, then the end of the connection. */
  async endsWith(condition: string): Promise<string> {
    const rest = await this.ends();
    const [, found] = /<stream:error><([a-z-]+) .*<\/stream:error><\/stream:stream>$/s.exec(rest) ?? [];
    assert.equal(found, condition, rest.slice(0, 2000));
    return rest;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Half-closes the connection. */
  finishes(): void {
    this.socket.end();
  }

  vanishes(): void {
    this.socket.destroy();
  }

  /** TCP RST. */
  resets(): void {
    this.#tcp.resetAndDestroy();
  }

  stopsReading(): void {
    this.socket.pause();
  }

  readsAgain(): void {
    this.socket.resume();
  }

  /** `extra`: more attributes, such as the id of one who was connected to. */
  header(extra = "", { from, to }: Pick<Part, "from" | "to"> = this.part): string {
    const declared = `xmlns='jabber:server' xmlns:db='jabber:server:dialback' xmlns:stream='${streams}'`;
    return `<?xml version='1.0'?><stream:stream ${declared} from='${from}' to='${to}' version='1.0' ${extra}>`;
  }

  /** As the one who has connected: opens the stream, or opens it anew; resolves with the features. */
  async opens(names?: Pick<Part, "from" | "to">): Promise<string> {
    this.send(this.header("", names));
    this.id = (await this.receives(/<stream:stream [^>]*id='([^']*)'[^>]*>/))[1] ?? "";
    const [features] = await this.receives(/<stream:features(?:\/>|>.*?<\/stream:features>)/s);
    return features;
  }

  /** As the one who has connected: opens the stream, STARTTLS, opens it anew. */
  async opensInTls(names?: Pick<Part, "from" | "to">): Promise<string> {
    await this.opens(names);
    this.send(`<starttls xmlns='${tls}'/>`);
    await this.receives(`<proceed xmlns='${tls}'/>`);
    await this.upgrades();
    return this.opens(names);
  }

  /** As the one who has connected: proves by certificate who it is. `before` goes first: `<bidi/>`. */
  async authenticates(before = ""): Promise<string> {
    await this.opensInTls();
    this.send(`${before}<auth xmlns='${sasl}' mechanism='EXTERNAL'>=</auth>`);
    await this.receives("<success");
    return this.opens();
  }

  /** As the one who was connected to: answers the header. */
  async isOpened(features: string, extra = "id='stream-1'", names?: Pick<Part, "from" | "to">): Promise<void> {
    await this.receives(/<stream:stream [^>]*>/);
    this.send(`${this.header(extra, names)}<stream:features>${features}</stream:features>`);
  }

  /** As the one who was connected to: STARTTLS, then the header and the features inside. */
  async isOpenedInTls(features: string, extra?: string, names?: Pick<Part, "from" | "to">): Promise<void> {
    await this.isOpened(`<starttls xmlns='${tls}'><required/></starttls>`);
    await this.receives("<starttls");
    this.send(`<proceed xmlns='${tls}'/>`);
    await this.upgrades(true);
    await this.isOpened(features, extra, names);
  }

  /** As the one who was connected to: believes the certificate. */
  async believes(features: string, before = ""): Promise<void> {
    await this.isOpenedInTls(`<mechanisms xmlns='${sasl}'><mechanism>EXTERNAL</mechanism></mechanisms>${before}`);
    await this.receives("<auth");
    this.send(`<success xmlns='${sasl}'/>`);
    await this.isOpened(features, "id='stream-2'");
  }

  /** The handshake; `isServer`: the server's half. */
  async upgrades(isServer = false): Promise<void> {
    const clear = this.socket.removeAllListeners("data").removeAllListeners("close");
    const { identity, to } = this.part;
    const secureContext = createSecureContext(
      identity === undefined ? {} : { cert: identity.pem, key: identity.keyPem },
    );
    this.socket = isServer
      ? new TLSSocket(clear, { isServer, secureContext, requestCert: true, rejectUnauthorized: false })
      : connectTls({
          socket: clear,
          servername: to,
          secureContext,
          rejectUnauthorized: false,
          ALPNProtocols: ["xmpp-server"],
        });
    this.#listen(this.socket);
    await Promise.race([once(this.socket, isServer ? "secure" : "secureConnect"), once(this.socket, "close")]);
  }

  #listen(socket: Socket): void {
    socket.setEncoding("utf8").on("data", (text: string) => {
      this.heard += text;
      this.#unread += text;
      this.#wake();
    });
    socket.on("error", () => undefined); // what tests wait for is the end
    socket.on("close", () => {
      this.#hasEnded = true;
      this.#wake();
    });
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }

  #anything(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}

function find(pattern: RegExp | string, text: string): RegExpExecArray | null {
  if (typeof pattern !== "string") return pattern.exec(text);
  return new RegExp(pattern.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&")).exec(text);
}
