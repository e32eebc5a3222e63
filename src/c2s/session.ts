// A client's bound session: what it sends goes on its way with the right `from`, what it gets goes into its outbox.
import type { Identity } from "../auth/identity.js";
import type { ConnectionFacts } from "../extension/session.js";
import { Jid, JidMalformed } from "../jid/jid.js";
import type { LocalAccount } from "../routing/local-account.js";
import type { LocalSession } from "../routing/local-session.js";
import { errorFor, isUnanswerable } from "../stanza/build.js";
import { checkStanza } from "../stanza/check.js";
import { StanzaError } from "../stanza/stanza-error.js";
import { Stanza, type StanzaKind } from "../stanza/stanza.js";
import { type StreamCondition, StreamError } from "../stream/stream-error.js";
import type { Stream } from "../stream/stream.js";
import type { StreamHandler } from "../stream/stream-parts.js";
import type { Fragment } from "../xml/fragment.js";
import type { ClientHost } from "./client-host.js";
import { connectionFacts } from "./connection-facts.js";
import { HeldStanzas } from "./held-stanzas.js";
import type { ClientService } from "./service.js";

const kinds = new Set<string>(["message", "presence", "iq"]);

export class ClientSession implements LocalSession, StreamHandler {
  presence: Stanza | undefined;
  priority = 0;
  isInterested = false;
  directed: Set<Jid> | undefined;
  slots: unknown[] | undefined;
  readonly startedAt: number;
  #held: HeldStanzas | undefined;
  /** Stanzas that are not to be delivered elsewhere when they can't be sent. */
  #forgettable: WeakSet<Stanza> | undefined;
  #isOver = false;

  constructor(
    private readonly stream: Stream,
    readonly jid: Jid,
    readonly account: LocalAccount,
    private readonly host: ClientHost,
    private readonly service: ClientService,
    private readonly identity: Identity,
  ) {
    this.startedAt = service.clock.now();
  }

  get lastReceivedAt(): number {
    return this.stream.lastReceivedAt;
  }

  get connection(): ConnectionFacts {
    return connectionFacts(this.stream.transport, this.identity.mechanism);
  }

  /** Takes the stream over from negotiation. */
  begin(): void {
    this.stream.handler = this;
    const { local } = this.host;
    local.accounts.pin(this.account);
    this.account.sessions = [...this.account.sessions, this];
    local.sessions.add(this);
    local.log.info("session-bound", { jid: this.jid.toString(), ...this.connection });
    local.emit("session-bound", this);
  }

  opened(): never {
    throw new StreamError("bad-format", "The stream is open already.");
  }

  received(fragment: Fragment): void {
    if (fragment.namespace !== "jabber:client" || !kinds.has(fragment.name)) return this.#receiveOther(fragment);
    // The content goes on as text, and would mean something else where jabber:client is the default.
    if (fragment.contentNamespace !== "jabber:client") throw new StreamError("invalid-namespace");
    const stanza = this.#stanzaOf(fragment, fragment.name as StanzaKind);
    if (stanza === undefined) return;
    const { trace } = this.host.local;
    if (trace.isActive) trace.received(stanza, this.jid.toString());
    this.service.traffic.received.count(stanza.kind);
    this.host.local.submit(stanza, this);
  }

  send(stanza: Stanza, ifUnsent: "redeliver" | "forget" = "redeliver"): void {
    if (ifUnsent === "forget") (this.#forgettable ??= new WeakSet()).add(stanza);
    const { trace } = this.host.local;
    if (trace.isActive) trace.sent(stanza, this.jid.toString());
    this.service.traffic.sent.count(stanza.kind);
    this.stream.send(stanza);
  }

  deliver(stanza: Stanza): void {
    if (this.#isOver) this.#redeliver(stanza);
    else if (this.#held === undefined) this.send(stanza);
    else if (!this.#held.add(stanza)) this.overflowed();
  }

  holdUntil(done: Promise<unknown>): void {
    const { held_messages: capacity, outbox_size: room } = this.service.options;
    const held = (this.#held ??= new HeldStanzas(capacity, room));
    held.until(done, () => {
      if (this.#held === held) this.#held = undefined;
      for (const stanza of held.take()) {
        if (this.#isOver) this.#redeliver(stanza);
        else this.send(stanza);
      }
    });
  }

  giveBackHeld(): void {
    if (this.#isOver) return; // closed() does it, behind what is older
    for (const stanza of this.#held?.take() ?? []) {
      if (stanza.kind === "message") this.#redeliver(stanza);
      else this.send(stanza);
    }
  }

  flushed(): Promise<boolean> {
    return this.#isOver ? Promise.resolve(false) : this.stream.outbox.flushed();
  }

  close(condition?: StreamCondition, text?: string): void {
    if (condition === undefined) this.stream.close();
    else this.stream.fail(new StreamError(condition, text));
  }

  /** Whatever comes from now on goes to other sessions, or where undeliverable stanzas go. */
  closing(unsent: readonly Stanza[]): void {
    this.closed(unsent);
  }

  closed(unsent: readonly Stanza[]): void {
    this.#end();
    for (const stanza of unsent) if (this.#forgettable?.has(stanza) !== true) this.#redeliver(stanza);
    for (const stanza of this.#held?.take() ?? []) this.#redeliver(stanza);
  }

  /** Asks for a sign of life. */
  ask(): void {
    this.stream.keepAlive();
    this.host.local.emit("session-silent", this);
  }

  overflowed(): void {
    this.host.local.log.warn("session-overflowed", { jid: this.jid.toString(), bytes: this.stream.outbox.bytes });
    this.close("policy-violation", "Too much is waiting to be read.");
  }

  /** The stanza as it goes on: `from` is the full JID, whatever the client wrote (RFC 6120 §8.1.2.1). */
  #stanzaOf(fragment: Fragment, kind: StanzaKind): Stanza | undefined {
    if (fragment.from !== undefined) this.#checkFrom(fragment.from);
    // RFC 6120 §8.1.5: what says no language of its own has that of the stream
    const lang = fragment.lang ?? (kind === "iq" ? undefined : this.stream.lang);
    let stanza: Stanza | undefined;
    try {
      const to = fragment.to === undefined ? undefined : Jid.parse(fragment.to);
      stanza = Stanza.received(kind, fragment, to, this.jid, lang);
      if (kind !== "message") checkStanza(stanza);
      return stanza;
    } catch (error) {
      this.#refuse(stanza ?? Stanza.received(kind, fragment, undefined, this.jid), error);
      return undefined;
    }
  }

  #checkFrom(from: string): void {
    if (from === this.jid.toString() || from === this.account.jid.toString()) return;
    const isOwn = ((): boolean => {
      try {
        const jid = Jid.parse(from);
        return jid === this.jid || jid === this.account.jid;
      } catch (error) {
        if (error instanceof JidMalformed) return false;
        throw error;
      }
    })();
    if (!isOwn) throw new StreamError("invalid-from");
  }

  #refuse(stanza: Stanza, error: unknown): void {
    const refusal = error instanceof JidMalformed ? new StanzaError("jid-malformed", { text: error.message }) : error;
    if (!(refusal instanceof StanzaError)) throw error;
    // RFC 6120 §8.3.1: no error in answer to an error
    if (!isUnanswerable(stanza)) this.send(errorFor(stanza, refusal));
  }

  #receiveOther(fragment: Fragment): void {
    const handler = this.host.nonzas.get(`${fragment.namespace} ${fragment.name}`);
    if (handler === undefined) throw new StreamError("unsupported-stanza-type");
    handler(this, fragment.element());
  }

  #redeliver(stanza: Stanza): void {
    this.host.local.redeliver(stanza, this.account);
  }

  /** Leaves the directory and says goodbye for the client (RFC 6121 §4.5.2). */
  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const { local } = this.host;
    this.account.sessions = this.account.sessions.filter((session) => session !== this);
    local.sessions.delete(this);
    local.presences.sessionEnded(this);
    local.log.info("session-closed", { jid: this.jid.toString() });
    local.emit("session-closed", this);
    local.accounts.unpin(this.account);
  }
}
