// Somebody in a room who keeps count of everything: who is there, and what was said, in which order.
import assert from "node:assert/strict";
import type { RawClient } from "../support/raw-client.js";

const MUC = "http://jabber.org/protocol/muc";
const stanza = /<(message|presence|iq)\b(?:[^>]*\/>|[^>]*>.*?<\/\1>)/s;

/** A message to all, as it came. */
export interface Heard {
  readonly nick: string;
  readonly body: string;
  /** The room's (XEP-0359). */
  readonly id: string;
}

export class Guest {
  /** Since he last entered, the history first. */
  heard: Heard[] = [];
  /** Nicknames. */
  present = new Set<string>();
  /** Those who went, with status codes. */
  readonly gone: string[] = [];
  /** Conditions of errors for what he said. */
  readonly refused: string[] = [];
  /** The room's, as it was heard last. */
  subject = "";
  #client!: RawClient;
  #said = 0;
  #entries = 0;
  #isIn = false;
  readonly #waiting = new Set<() => void>();

  constructor(
    readonly nick: string,
    readonly room: string,
  ) {}

  get isIn(): boolean {
    return this.#isIn;
  }

  /** How often he has been let in. */
  get entries(): number {
    return this.#entries;
  }

  get said(): number {
    return this.#said;
  }

  /** Takes a connection that has logged in, and reads it until it ends. */
  uses(client: RawClient): void {
    this.#client = client;
    this.#isIn = false;
    this.#read(client).catch((error: unknown) => {
      if (!client.hasEnded) throw error;
    });
  }

  async enters(): Promise<void> {
    const before = this.#entries;
    this.#client.send(`<presence to='${this.room}/${this.nick}'><x xmlns='${MUC}'/></presence>`);
    await this.until(() => this.#entries > before);
  }

  /** Says so many things, each different. */
  says(count: number): void {
    const messages = Array.from({ length: count }, () => {
      const body = `${this.nick} ${this.#said++}`;
      return `<message type='groupchat' id='${body}' to='${this.room}'><body>${body}</body></message>`;
    });
    this.#client.send(messages.join(""));
  }

  /** XEP-0410: enters again when the room does not know him any more. */
  async makesSure(): Promise<void> {
    const id = `sure-${this.#entries}-${this.#said}`;
    const answered = new Promise<string>((resolve) => this.#answers.set(id, resolve));
    this.#client.send(`<iq type='get' id='${id}' to='${this.room}/${this.nick}'><ping xmlns='urn:xmpp:ping'/></iq>`);
    const answer = await answered;
    if (/ type=['"]result['"]/.test(answer)) return;
    assert.match(answer, /<not-acceptable /);
    await this.enters();
  }

  readonly #answers = new Map<string, (answer: string) => void>();

  /** Asks the room for something, or somebody else; resolves with the whole answer. */
  async asks(type: "get" | "set", payload: string, to = this.room): Promise<string> {
    const id = `ask-${this.#answers.size}`;
    const answered = new Promise<string>((resolve) => this.#answers.set(id, resolve));
    this.#client.send(`<iq type='${type}' id='${id}' to='${to}'>${payload}</iq>`);
    return answered;
  }

  send(text: string): void {
    this.#client.send(text);
  }

  /** Resolves when the condition holds; it is looked at whenever something has come. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => this.#waiting.add(resolve));
  }

  hears(heard: string): Promise<void> {
    return this.until(() => this.heard.some(({ body }) => body === heard));
  }

  async #read(client: RawClient): Promise<never> {
    for (;;) {
      const [text, kind] = await client.receives(stanza);
      this.#take(text, kind ?? "");
      for (const resolve of this.#waiting) resolve();
      this.#waiting.clear();
    }
  }

  #take(text: string, kind: string): void {
    const [head = ""] = /^<[^>]*>/.exec(text) ?? [];
    const [, nick] = new RegExp(` from='${this.room}/([^']*)'`).exec(head) ?? [];
    const type = / type='([^']*)'/.exec(head)?.[1];
    if (kind === "iq") this.#answers.get(/ id='([^']*)'/.exec(head)?.[1] ?? "")?.(text);
    else if (type === "error") this.refused.push(/<error[^>]*><([a-z-]+)/.exec(text)?.[1] ?? text);
    else if (kind === "presence" && nick !== undefined) this.#see(nick, type, text);
    else if (type === "groupchat" && nick !== undefined) this.#hear(nick, text);
  }

  #see(nick: string, type: string | undefined, text: string): void {
    const isOwn = text.includes(`<status code="110"/>`);
    if (type === "unavailable") {
      this.gone.push(`${nick} ${/code="3\d\d"/.exec(text)?.[0] ?? ""}`);
      this.present.delete(nick);
      if (isOwn) this.#isIn = false;
      return;
    }
    this.present.add(nick);
    if (!isOwn || this.#isIn) return;
    this.#isIn = true;
    this.#entries += 1;
    this.heard = [];
  }

  #hear(nick: string, text: string): void {
    this.subject = /<subject>([^<]*)<\/subject>/.exec(text)?.[1] ?? this.subject;
    const body = /<body>([^<]*)<\/body>/.exec(text)?.[1];
    const id = /<stanza-id[^>]* id="([^"]*)"/.exec(text)?.[1] ?? "";
    if (body !== undefined) this.heard.push({ nick, body, id });
  }
}
