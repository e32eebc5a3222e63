// A client on stage: it talks to the server in XML over a fake connection, and waits for what it is told to expect.
import assert from "node:assert/strict";
import type { Fragment } from "../../src/xml/fragment.js";
import { type Element, xml } from "../../src/xml/element.js";
import { parseElement } from "../../src/xml/parse-element.js";
import { type ReaderEvents, StreamReader, type StreamOpening } from "../../src/xml/reader.js";
import { FakeTransport, type FakeConnection } from "./fake-transport.js";
import { assertSame, elementOf } from "./same-xml.js";

const limits = { stanzaBytes: 10_000_000, depth: 100, attributes: 100, nameLength: 1000 };

export class Client implements ReaderEvents {
  readonly transport: FakeTransport;
  readonly #reader: StreamReader;
  readonly #received: Element[] = [];
  readonly #answers = new Map<string, (answer: Element) => void>();
  #waiting: (() => void) | undefined;
  #requests = 0;
  #hasEnded = false;
  /** The full JID, once a resource is bound. */
  jid = "";

  constructor(
    private readonly host: string,
    connection: FakeConnection,
    contentNamespace = "jabber:client",
  ) {
    this.#reader = new StreamReader(this, limits, contentNamespace);
    this.transport = new FakeTransport(this, connection);
  }

  get bareJid(): string {
    return this.jid.replace(/\/.*/, "");
  }

  /** True once the connection is closed. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Sends elements, or any text. */
  send(...parts: readonly (Element | string)[]): void {
    for (const part of parts) this.transport.clientWrites(part.toString());
  }

  /** The next thing that came and that is no answer to asks(); waits for it. */
  async next(): Promise<Element> {
    while (this.#received.length === 0) {
      assert.ok(!this.#hasEnded, `${this.jid} waits for something, but the stream has ended.`);
      await new Promise<void>((resolve) => (this.#waiting = resolve));
    }
    const [first] = this.#received.splice(0, 1);
    return first ?? assert.fail();
  }

  /** Waits for the next thing and compares; see assertSame. Returns it. */
  async receives(expected: Element | string): Promise<Element> {
    const actual = await this.next();
    assertSame(actual, expected);
    return actual;
  }

  /** Sends an IQ request and waits for its answer. Without `to` it goes to the own account. */
  asks(type: "get" | "set", payload: Element | string, to?: string): Promise<Element> {
    const id = `ask-${(this.#requests += 1)}`;
    const answer = new Promise<Element>((resolve) => this.#answers.set(id, resolve));
    this.send(xml("iq", { type, id, to }, elementOf(payload)));
    return answer;
  }

  /** Asks, and compares what is inside the result; nothing when `expected` is left out. */
  async gets(type: "get" | "set", payload: Element | string, to?: string, expected?: Element | string): Promise<void> {
    const answer = await this.asks(type, payload, to);
    assert.equal(answer.attrs["type"], "result", answer.toString());
    const [content] = answer.getChildElements();
    if (expected === undefined) assert.equal(content, undefined);
    else assertSame(content ?? assert.fail("The result is empty."), expected);
  }

  /** Asks, and must be refused with this condition. */
  async isRefused(condition: string, type: "get" | "set", payload: Element | string, to?: string): Promise<void> {
    const answer = await this.asks(type, payload, to);
    assert.equal(conditionOf(answer), condition, answer.toString());
  }

  /** A request that nobody answers: when its error is there, all that was sent before has been handled. */
  async makesRoundTrip(): Promise<void> {
    await this.isRefused("service-unavailable", "get", "<no xmlns='urn:example:nothing'/>");
  }

  /** Waits for the stream's end; `condition` is that of the stream error before it, if there must be one. */
  async ends(condition?: string): Promise<void> {
    if (condition !== undefined) {
      const error = await this.next();
      assert.equal(error.getName(), "error", error.toString());
      assert.equal(error.getChildElements()[0]?.getName(), condition);
    }
    while (!this.#hasEnded) await new Promise<void>((resolve) => (this.#waiting = resolve));
  }

  /** What has come and was not expected so far. */
  get unexpected(): readonly Element[] {
    return this.#received;
  }

  /** Opens the stream, or opens it anew; resolves with the features. */
  opensStream(): Promise<Element> {
    const header = `<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'`;
    this.send(`${header} version='1.0' to='${this.host}'>`);
    return this.next();
  }

  /** Logs in with PLAIN and opens the stream anew; resolves with the features. */
  async authenticates(user: string, password: string): Promise<Element> {
    const secret = Buffer.from(`\0${user}\0${password}`).toString("base64");
    this.send(`<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>${secret}</auth>`);
    await this.receives("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
    return this.reopensStream();
  }

  /** After <success/>. */
  reopensStream(): Promise<Element> {
    this.#reader.reset();
    return this.opensStream();
  }

  async binds(resource: string): Promise<void> {
    const bind = xml("bind", { xmlns: "urn:ietf:params:xml:ns:xmpp-bind" }, xml("resource", {}, resource));
    const answer = await this.asks("set", bind);
    this.jid = answer.getChild("bind")?.getChildText("jid") ?? assert.fail(answer.toString());
  }

  /** Sends initial presence and waits until it has come back. */
  async becomesAvailable(priority = 0): Promise<void> {
    this.send(`<presence><priority>${priority}</priority></presence>`);
    await this.receives(
      `<presence from='${this.jid}' to='${this.bareJid}'><priority>${priority}</priority></presence>`,
    );
  }

  /** Closes the stream in order and waits for the other side. */
  async leaves(): Promise<void> {
    this.send("</stream:stream>");
    await this.ends();
  }

  received(text: string): void {
    this.#reader.write(Buffer.from(text));
  }

  closed(): void {
    this.#hasEnded = true;
    this.#waiting?.();
  }

  onOpen(_opening: StreamOpening): void {
    // the features follow
  }

  onFragment(fragment: Fragment): void {
    const element = parseElement(fragment.element().toString());
    const answered = this.#answers.get(String(element.attrs["id"]));
    if (answered !== undefined && (element.attrs["type"] === "result" || element.attrs["type"] === "error")) {
      this.#answers.delete(String(element.attrs["id"]));
      return answered(element);
    }
    this.#received.push(element);
    this.#waiting?.();
  }

  onClose(): void {
    // the connection's end follows
  }

  onFault(fault: Error): void {
    throw fault;
  }
}

/** The condition of a stanza error; undefined when it is none. */
export function conditionOf(stanza: Element): string | undefined {
  return stanza.getChild("error")?.getChildElements()[0]?.getName();
}
