// A client that says what it is told to say: for what real clients send that no library at hand does.
import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { connect as secure } from "node:tls";
import { PATIENCE_MILLISECONDS } from "./patience.js";
import type { ServerUnderTest } from "./server-under-test.js";

const SASL = "urn:ietf:params:xml:ns:xmpp-sasl";

export class RawClient {
  #socket: Socket;
  #text = "";
  #check: () => void = () => undefined;

  private constructor(
    readonly server: ServerUnderTest,
    socket: Socket,
  ) {
    this.#socket = socket;
    this.#listen();
  }

  /** Connects, and goes as far as the features after STARTTLS. */
  static async connect(server: ServerUnderTest): Promise<RawClient> {
    const client = new RawClient(server, connect(server.ports.STARTTLS, server.host));
    await client.openStream();
    client.send("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
    await client.receive(/<proceed[^>]*>/);
    client.#startTls();
    await client.openStream();
    return client;
  }

  /** Logs in with PLAIN and opens the stream after it; resolves with its features. */
  async logIn(user: string): Promise<string> {
    this.send(`<auth xmlns='${SASL}' mechanism='PLAIN'>${this.plain(user)}</auth>`);
    await this.receive(/<success/);
    return this.openStream();
  }

  /** The initial response of PLAIN. */
  plain(user: string, password = this.server.passwordOf(user)): string {
    return Buffer.from(`\0${user}\0${password}`).toString("base64");
  }

  /** Opens the stream, or opens it again; resolves with the features. */
  async openStream(attributes = ""): Promise<string> {
    const namespaces = "xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'";
    this.send(
      `<?xml version='1.0'?><stream:stream to='${this.server.domain}' version='1.0'${attributes} ${namespaces}>`,
    );
    return (await this.receive(/<stream:features[^]*<\/stream:features>/))[0];
  }

  send(text: string): void {
    this.#socket.write(text);
  }

  /** Waits until the server has sent this, and forgets it and all before it. */
  receive(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const giveUp = () => reject(new Error(`The server did not send ${String(pattern)}, but: ${this.#text}`));
      const deadline = setTimeout(giveUp, PATIENCE_MILLISECONDS);
      this.#check = () => {
        const match = pattern.exec(this.#text);
        if (!match && !this.#socket.closed) return;
        clearTimeout(deadline);
        this.#check = () => undefined;
        if (!match) return giveUp();
        this.#text = this.#text.slice(match.index + match[0].length);
        resolve(match);
      };
      this.#check();
    });
  }

  /** Ends the stream; resolves when the server has, too. */
  async leave(): Promise<void> {
    this.send("</stream:stream>");
    await this.receive(/<\/stream:stream>/);
    this.#socket.destroy();
  }

  /** Drops the connection. */
  abandon(): void {
    this.#socket.destroy();
  }

  #startTls(): void {
    const socket = this.#socket;
    for (const event of ["data", "close", "error"]) socket.removeAllListeners(event);
    this.#socket = secure({ socket, servername: this.server.domain, ca: readFileSync(this.server.certificate) });
    this.#listen();
  }

  #listen(): void {
    this.#socket.on("data", (chunk: Buffer) => {
      this.#text += chunk.toString("utf8");
      this.#check();
    });
    this.#socket.on("error", (error) => (this.#text += `[${error.message}]`));
    this.#socket.on("close", () => this.#check());
  }
}
