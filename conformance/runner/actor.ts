// A character at work: their account, their connection, and what they have said so far.
import { Connection, describe, TooLate } from "../client/connection.js";
import type { HttpAnswer } from "./http-actions.js";
import type { Scram } from "../client/scram.js";
import type { TransportKind } from "../client/log-in.js";
import type { TlsIdentity } from "../client/transport.js";
import type { Character } from "../scene/scene.js";
import type { Peer } from "../peer/world.js";
import type { Account } from "../server-under-test.js";
import { childOf, escapeXml, NS, type XmlElement } from "../xml/element.js";
import type { StreamEvent } from "../xml/stream-reader.js";

/** One character of a running scene. */
export class Actor {
  connection: Connection;
  /** Known once a resource is bound. */
  fullJid: string | undefined;
  /** The SCRAM exchange under way, for scenes that do SASL by hand. */
  scram: Scram | undefined;
  /** The last answer over HTTP. */
  answer: HttpAnswer | undefined;
  /** The last SASL challenge, decoded. */
  challenge: string | undefined;
  /** The last stream features, for scenes that choose a mechanism. */
  features: XmlElement | undefined;
  isConnected = false;
  /** For a server or component: whether the server under test takes stanzas from it on this connection. */
  isTrusted = false;
  /** For a server: what it is known by, once the scene has begun. */
  peer: Peer | undefined;
  /** The certificate that a server shows. */
  identity: TlsIdentity | undefined;
  /** The id of the stream, as the side that was connected to said it. */
  streamId: string | undefined;
  /** Addresses that stanzas were sent to, so that "receives nothing" can wait for what those addresses answer. */
  readonly addressed = new Set<string>();

  constructor(
    readonly character: Character,
    readonly account: Account,
    private readonly patience: number,
  ) {
    this.connection = new Connection(patience);
  }

  get name(): string {
    return this.character.name;
  }

  /** Of a server or component: its domain. */
  get bareJid(): string {
    const { localpart, domain } = this.account;
    return localpart === "" ? domain : `${localpart}@${domain}`;
  }

  get isServer(): boolean {
    return this.character.kind === "Server";
  }

  /** What stanzas are in when a scene says nothing else. */
  get contentNamespace(): string {
    const { kind } = this.character;
    return kind === "Server" ? NS.server : kind === "Component" ? NS.component : NS.client;
  }

  get transportKind(): TransportKind {
    const kind = this.character.properties.get("transport") ?? "tcp";
    if (kind !== "tcp" && kind !== "tls" && kind !== "websocket") throw new Error(`no such transport: ${kind}`);
    return kind;
  }

  /** Forgets the old connection, for a character who connects again. */
  reconnect(): void {
    this.connection.close();
    this.connection = new Connection(this.patience);
    this.fullJid = this.features = this.scram = this.challenge = this.streamId = undefined;
    this.isConnected = this.isTrusted = false;
    this.addressed.clear();
  }

  /** Sends stanzas; over WebSocket each gets its own frame with its namespace (RFC 7395 §3.3.3). */
  send(text: string): void {
    this.connection.send(this.connection.wire.isFramed ? withNamespace(text) : text);
  }

  /** The next stanza. Pings from the server are answered and left out. @throws Error when none comes */
  async nextStanza(): Promise<XmlElement> {
    for (;;) {
      const event = await this.connection.next();
      if (event.kind !== "element") throw new Error(`expected a stanza, but came ${describe(event)}`);
      if (!this.answers(event.element)) return event.element;
    }
  }

  /** Waits until this stanza comes. Gives everything that came before it, except pings, which are answered. @throws TooLate when it does not come */
  async waitFor(isWanted: (stanza: XmlElement) => boolean, what: string): Promise<StreamEvent[]> {
    const skipped: StreamEvent[] = [];
    for (;;) {
      const event = await this.connection.next().catch((error: unknown) => {
        throw error instanceof TooLate ? new TooLate(`${this.name} still waits for ${what}`) : error;
      });
      if (event.kind === "element" && isWanted(event.element)) return skipped;
      if (event.kind !== "element" || !this.answers(event.element)) skipped.push(event);
      if (event.kind === "connection-end") throw new Error(`${this.name}'s connection ended: ${event.reason}`);
    }
  }

  /** Answers a ping of the server, as clients do. Gives whether it was one. */
  answers(stanza: XmlElement): boolean {
    if (this.contentNamespace !== NS.client || !isPing(stanza)) return false;
    const from = stanza.attributes.get("from");
    const to = from === undefined ? "" : ` to='${escapeXml(from)}'`;
    this.send(`<iq type='result' id='${escapeXml(stanza.attributes.get("id") ?? "")}'${to}/>`);
    return true;
  }
}

function isPing(stanza: XmlElement): boolean {
  return (
    stanza.name === "iq" && stanza.attributes.get("type") === "get" && childOf(stanza, "ping", NS.ping) !== undefined
  );
}

function withNamespace(text: string): string {
  return text.replace(/^<([\w-]+)(?![^>]*\sxmlns=)/, `<$1 xmlns='${NS.client}'`);
}
