// A client that says exactly what it is told to, byte for byte, over TCP, TLS or WebSocket, and waits for what it hears.
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { type RawData, WebSocket } from "ws";

export const streamsNamespace = "http://etherx.jabber.org/streams";
export const saslNamespace = "urn:ietf:params:xml:ns:xmpp-sasl";
const framingNamespace = "urn:ietf:params:xml:ns:xmpp-framing";

/** What is under the client: it takes bytes or frames, and can break off. */
interface Wire {
  send(data: string | Buffer): void;
  sendText(bytes: Buffer): void;
  end(): void;
  pause(): void;
  resume(): void;
  destroy(): void;
  startTls(): Promise<Wire>;
}

export class RawClient {
  #wire!: Wire;
  #unread = "";
  #hasEnded = false;
  #waiting: (() => void)[] = [];
  #ids = 0;
  /** All that came, from the first byte on. */
  heard = "";
  jid = "";
  /** Of the WebSocket's close frame. */
  closeCode: number | undefined;

  private constructor(
    readonly host: string,
    readonly isFramed: boolean,
  ) {}

  static async tcp(port: number, host: string): Promise<RawClient> {
    const client = new RawClient(host, false);
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    client.#wire = client.#listen(socket);
    await once(socket, "connect");
    return client;
  }

  static async tls(port: number, host: string): Promise<RawClient> {
    const client = new RawClient(host, false);
    const socket = connectTls({ port, host: "127.0.0.1", servername: host, rejectUnauthorized: false });
    client.#wire = client.#listen(socket);
    await once(socket, "secureConnect");
    return client;
  }

  static async webSocket(port: number, host: string, headers: Record<string, string> = {}): Promise<RawClient> {
    const client = new RawClient(host, true);
    const socket = new WebSocket(`ws://127.0.0.1:${port}/xmpp-websocket`, "xmpp", { headers });
    client.#wire = client.#listenToFrames(socket);
    await once(socket, "open");
    return client;
  }

  get bareJid(): string {
    return this.jid.replace(/\/.*/, "");
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** One write, or one frame. */
  send(data: string | Buffer): void {
    this.#wire.send(data);
  }

  /** One frame of text, though its bytes may be none. */
  sendsText(bytes: Buffer): void {
    this.#wire.sendText(bytes);
  }

  /** Waits until what has not been read yet matches, reads up to there, and returns the match. */
  async receives(pattern: RegExp | string): Promise<RegExpExecArray> {
    const expression = typeof pattern === "string" ? new RegExp(escape(pattern)) : pattern;
    for (;;) {
      const match = expression.exec(this.#unread);
      if (match !== null) {
        this.#unread = this.#unread.slice(match.index + match[0].length);
        return match;
      }
      assert.ok(!this.#hasEnded, `The stream ended without ${expression}; unread: ${this.#unread.slice(0, 2000)}`);
      await this.#anything();
    }
  }

  /** What has come and was not read. */
  get unread(): string {
    return this.#unread;
  }

  /** Waits until the connection is closed; returns what was not read before. */
  async ends(): Promise<string> {
    while (!this.#hasEnded) await this.#anything();
    const rest = this.#unread;
    this.#unread = "";
    return rest;
  }

  /** RFC 6120 §4.9.1: the error is the last thing on the stream, then the footer, then the end of the connection. */
  async endsWith(condition: string): Promise<void> {
    const rest = await this.ends();
    const footer = this.isFramed ? `<close xmlns='${framingNamespace}'/>` : "</stream:stream>";
    const error =
      /<stream:error[^>]*><([a-z-]+) xmlns='urn:ietf:params:xml:ns:xmpp-streams'\/>.*?<\/stream:error>(.*)$/s;
    const [, found, after] = error.exec(rest) ?? [];
    assert.equal(found, condition, rest.slice(0, 2000));
    assert.equal(after, footer);
    assert.equal(this.heard.split("<stream:error").length, 2, "more than one stream error");
  }

  /** Half-closes the connection. */
  finishes(): void {
    this.#wire.end();
  }

  vanishes(): void {
    this.#wire.destroy();
  }

  stopsReading(): void {
    this.#wire.pause();
  }

  readsAgain(): void {
    this.#wire.resume();
  }

  header(attributes = `to='${this.host}' version='1.0'`): string {
    if (this.isFramed) return `<open xmlns='${framingNamespace}' ${attributes}/>`;
    return `<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='${streamsNamespace}' ${attributes}>`;
  }

  /** Opens the stream, or opens it anew; resolves with the features. */
  async opens(): Promise<string> {
    this.send(this.header());
    const [features] = await this.receives(/<stream:features[^>]*>.*?<\/stream:features>/s);
    return features;
  }

  /** STARTTLS; then the stream is to be opened anew. */
  async startsTls(): Promise<void> {
    this.send("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
    await this.receives("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
    await this.upgrades();
  }

  /** The client's half of the handshake. */
  async upgrades(): Promise<void> {
    this.#wire = await this.#wire.startTls();
  }

  /** Sends <auth/> of mechanism PLAIN. */
  sendsPlain(user: string, password: string): void {
    const data = Buffer.from(`\0${user}\0${password}`).toString("base64");
    this.send(`<auth xmlns='${saslNamespace}' mechanism='PLAIN'>${data}</auth>`);
  }

  /** Opens the stream and logs in; the stream has then been opened anew. */
  async authenticates(user: string, password: string): Promise<void> {
    await this.opens();
    this.sendsPlain(user, password);
    const [, answer] = await this.receives(/<(success|failure)/);
    assert.equal(answer, "success");
    await this.opens();
  }

  async binds(resource: string): Promise<void> {
    const bind = `<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>${resource}</resource></bind>`;
    this.send(`<iq ${this.stanzaNamespace}type='set' id='bind'>${bind}</iq>`);
    const [, jid] = await this.receives(/<jid>([^<]*)<\/jid><\/bind><\/iq>/);
    this.jid = jid ?? "";
  }

  /** Sends presence and waits until it has come back (RFC 6121 §4.2.2). */
  async becomesAvailable(): Promise<void> {
    this.send(`<presence ${this.stanzaNamespace}/>`);
    await this.receives(new RegExp(`<presence[^>]*from='${escape(this.jid)}'[^>]*/>`));
  }

  /** Asks the host for a ping's answer: what was sent before has then been handled, and the server is well. */
  async makesRoundTrip(): Promise<void> {
    const id = `round-${(this.#ids += 1)}`;
    const ping = `<ping xmlns='urn:xmpp:ping'/>`;
    this.send(`<iq ${this.stanzaNamespace}type='get' id='${id}' to='${this.host}'>${ping}</iq>`);
    await this.receives(new RegExp(`<iq[^>]* type='result'[^>]* id='${id}'[^>]*/>`));
  }

  /** Sends an IQ request and returns the whole answer. */
  async asks(type: "get" | "set", payload: string, to?: string): Promise<string> {
    const id = `ask-${(this.#ids += 1)}`;
    const address = to === undefined ? "" : ` to='${to}'`;
    this.send(`<iq ${this.stanzaNamespace}type='${type}' id='${id}'${address}>${payload}</iq>`);
    const [answer] = await this.receives(new RegExp(`<iq[^>]* id='${id}'(?:[^>]*/>|.*?</iq>)`, "s"));
    return answer;
  }

  /** Stanzas in frames must say where they belong (RFC 7395 §3.3.3). */
  get stanzaNamespace(): string {
    return this.isFramed ? "xmlns='jabber:client' " : "";
  }

  #listen(socket: Socket): Wire {
    socket.setEncoding("utf8").on("data", (text: string) => this.#hear(text));
    socket.on("close", () => this.#end()).on("error", () => undefined); // what tests wait for is the end
    return {
      send: (data) => void socket.write(data),
      sendText: (bytes) => void socket.write(bytes),
      end: () => void socket.end(),
      pause: () => void socket.pause(),
      resume: () => void socket.resume(),
      destroy: () => void socket.destroy(),
      startTls: () => this.#secure(socket),
    };
  }

  async #secure(clear: Socket): Promise<Wire> {
    clear.removeAllListeners("data").removeAllListeners("close");
    const socket = connectTls({ socket: clear, servername: this.host, rejectUnauthorized: false });
    const wire = this.#listen(socket);
    await Promise.race([once(socket, "secureConnect"), once(socket, "close")]);
    return wire;
  }

  #listenToFrames(socket: WebSocket): Wire {
    socket.on("message", (data: RawData) => this.#hear(Buffer.isBuffer(data) ? data.toString() : "")); // one text each
    socket.on("close", (code) => ((this.closeCode = code), this.#end())).on("error", () => undefined);
    return {
      send: (data) => socket.send(data),
      sendText: (bytes) => socket.send(bytes, { binary: false }),
      end: () => socket.close(),
      pause: () => socket.pause(),
      resume: () => socket.resume(),
      destroy: () => socket.terminate(),
      startTls: () => Promise.reject(new Error("A WebSocket has its TLS already.")),
    };
  }

  #hear(text: string): void {
    this.heard += text;
    this.#unread += text;
    this.#wake();
  }

  #end(): void {
    this.#hasEnded = true;
    this.#wake();
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }

  #anything(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}
