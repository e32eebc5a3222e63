// Someone with an account and a client of the plainest kind: sends text, and waits for what is to come, in any order.
import { Connection, describe } from "../../../../conformance/client/connection.js";
import { logIn } from "../../../../conformance/client/log-in.js";
import { childOf, elementsIn, serialize, textOf, type XmlElement } from "../../../../conformance/xml/element.js";
import { PATIENCE_MILLISECONDS, withPatience } from "../../support/patience.js";
import type { Member } from "./member.js";
import type { Kind } from "./server.js";

/** Longer than any test: the reading loop ends with the connection, not by itself. */
const FOREVER_MILLISECONDS = 3_600_000;

/** What a stanza must be; whatever is left out may be anything. */
export interface Expected {
  readonly kind: "message" | "presence" | "iq";
  /** Full address, or a bare one for any resource of it. */
  readonly from?: string;
  /** `undefined` as a value means that there must be none. */
  readonly type?: string | undefined;
  readonly id?: string;
  readonly body?: string;
  readonly show?: string;
  /** It has a subject. */
  readonly hasSubject?: true;
}

interface Waiting {
  readonly expected: Expected;
  readonly take: (stanza: XmlElement) => void;
}

export class Actor {
  /** Every stanza that has come since the account was made. */
  readonly received: XmlElement[] = [];
  readonly address: string;
  private readonly unread: XmlElement[] = [];
  private readonly waiting = new Set<Waiting>();
  private connection = new Connection(FOREVER_MILLISECONDS);
  private reading: Promise<void> = Promise.resolve();
  private requests = 0;
  /** The full address while logged in. */
  jid = "";

  private constructor(
    private readonly member: Member,
    private readonly name: string,
    private readonly domain: string,
  ) {
    this.address = `${name}@${domain}`;
  }

  /** Makes an account on a server. */
  static async cast(member: Member, name: string, domain: string): Promise<Actor> {
    const actor = new Actor(member, name, domain);
    await member.at(domain).createAccount(actor.account);
    return actor;
  }

  isOn(kind: Kind): boolean {
    return this.member.kind === kind;
  }

  get server(): string {
    return this.domain;
  }

  /** Logs in and says that he is here. */
  async enters(): Promise<void> {
    this.connection = new Connection(FOREVER_MILLISECONDS);
    const options = { kind: "tcp", resource: "stage" } as const;
    const entering = logIn(this.connection, this.member.at(this.domain), this.account, options);
    this.jid = await withPatience(entering, () => `${this.address} did not get in:\n${this.story()}`);
    this.reading = this.read(this.connection);
    this.says("<presence/>");
    await this.gets("jabber:iq:roster"); // and what comes from others may come from now on
  }

  /** Goes as one should; resolves when the server knows it. */
  async leaves(): Promise<void> {
    this.says("<presence type='unavailable'/></stream:stream>");
    await withPatience(this.reading, () => `${this.address} was not let go:\n${this.story()}`);
    this.connection.close();
  }

  /** Drops the connection without a word. */
  vanishes(): void {
    this.connection.close();
  }

  says(xml: string): void {
    this.connection.send(xml);
  }

  writes(to: { readonly address: string }, body: string, id = "letter"): void {
    this.says(`<message to='${to.address}' type='chat' id='${id}'><body>${body}</body></message>`);
  }

  async reads(from: { readonly address: string }, body: string): Promise<XmlElement> {
    return this.receives({ kind: "message", from: from.address, body });
  }

  /** Waits for presence from someone; without `type` he is there. */
  async sees(from: { readonly address: string }, type?: string, show?: string): Promise<XmlElement> {
    const looks = show === undefined ? {} : { show };
    return this.receives({ kind: "presence", from: from.address, type, ...looks });
  }

  /** Waits for an error from there, and gives its condition and its text. */
  async isRefused(expected: Expected): Promise<{ condition: string; text: string }> {
    return problemIn(await this.receives({ ...expected, type: "error" }));
  }

  /** Asks for a query of this namespace, the own account by default, and gives the answer, error or not. */
  async gets(namespace: string, to?: string, element = "query", patience?: number): Promise<XmlElement> {
    const id = `request-${(this.requests += 1)}`;
    const address = to === undefined ? "" : ` to='${to}'`;
    this.says(`<iq type='get' id='${id}'${address}><${element} xmlns='${namespace}'/></iq>`);
    return this.receives({ kind: "iq", id }, patience);
  }

  /** Waits for a request of this namespace and answers it with an empty result. */
  async answers(from: string): Promise<void> {
    const request = await this.receives({ kind: "iq", from, type: "get" });
    this.says(`<iq type='result' to='${from}' id='${request.attributes.get("id") ?? ""}'/>`);
  }

  /** How often a message with this body has come. */
  hasRead(body: string): number {
    return this.received.filter((stanza) => bodyOf(stanza) === body).length;
  }

  /** From now on only what comes from now on is waited for. */
  forgets(): void {
    this.unread.length = 0;
  }

  /** Waits for a stanza, from anywhere in what has come and was not waited for yet. `patience`: milliseconds. */
  async receives(expected: Expected, patience = PATIENCE_MILLISECONDS): Promise<XmlElement> {
    const at = this.unread.findIndex((stanza) => matches(stanza, expected));
    const [stanza] = at < 0 ? [] : this.unread.splice(at, 1);
    return stanza ?? this.waitFor(expected, patience);
  }

  private waitFor(expected: Expected, patience: number): Promise<XmlElement> {
    return new Promise((resolve, reject) => {
      const giveUp = () => {
        this.waiting.delete(waiting);
        reject(new Error(`${this.address} did not receive ${JSON.stringify(expected)}, but:\n${this.story()}`));
      };
      const deadline = setTimeout(giveUp, patience);
      const take = (stanza: XmlElement) => {
        clearTimeout(deadline);
        this.waiting.delete(waiting);
        resolve(stanza);
      };
      const waiting = { expected, take };
      this.waiting.add(waiting);
    });
  }

  private async read(connection: Connection): Promise<void> {
    for (;;) {
      const event = await connection.next();
      if (event.kind === "element") this.take(event.element);
      else if (event.kind === "stream-end" || event.kind === "connection-end") return;
      else throw new Error(`${this.address} received ${describe(event)}`);
    }
  }

  private take(stanza: XmlElement): void {
    this.received.push(stanza);
    const waiting = [...this.waiting].find(({ expected }) => matches(stanza, expected));
    if (waiting === undefined) this.unread.push(stanza);
    else waiting.take(stanza);
  }

  private story(): string {
    return this.connection.transcript.join("\n");
  }

  private get account() {
    return { localpart: this.name, domain: this.domain, password: `${this.name}-and-a-rose` };
  }
}

/** Condition and text of a stanza error (RFC 6120 §8.3.2). */
export function problemIn(stanza: XmlElement): { condition: string; text: string } {
  const error = childOf(stanza, "error");
  if (error === undefined) throw new Error(`This is no error: ${serialize(stanza)}`);
  const parts = elementsIn(error).filter(({ namespace }) => namespace === "urn:ietf:params:xml:ns:xmpp-stanzas");
  const text = parts.find(({ name }) => name === "text");
  return {
    condition: parts.find(({ name }) => name !== "text")?.name ?? "none",
    text: text === undefined ? "" : textOf(text),
  };
}

export function bodyOf(stanza: XmlElement): string | undefined {
  const body = stanza.name === "message" ? childOf(stanza, "body") : undefined;
  return body && textOf(body);
}

function matches(stanza: XmlElement, expected: Expected): boolean {
  const { attributes } = stanza;
  const show = childOf(stanza, "show");
  return (
    (expected.hasSubject === undefined || childOf(stanza, "subject") !== undefined) &&
    stanza.name === expected.kind &&
    (expected.from === undefined || isFrom(attributes.get("from") ?? "", expected.from)) &&
    (!("type" in expected) || attributes.get("type") === expected.type) &&
    (expected.id === undefined || attributes.get("id") === expected.id) &&
    (expected.body === undefined || bodyOf(stanza) === expected.body) &&
    (expected.show === undefined || (show && textOf(show)) === expected.show)
  );
}

function isFrom(sender: string, expected: string): boolean {
  return sender === expected || sender.startsWith(`${expected}/`);
}
