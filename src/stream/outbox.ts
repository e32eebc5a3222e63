// What waits to be sent on a stream: gathered while a read is handled, or a turn of the event loop, and written together.
import type { Transport } from "../net/transport.js";
import type { Stanza } from "../stanza/stanza.js";
import { isAscii } from "../xml/ascii.js";
import type { Flushable, Flusher } from "./flusher.js";

/** A guess of a stanza's markup beside its content, in bytes: exact sums would cost more than they tell. */
const startTagBytes = 160;
/** Characters that go to the transport in one piece: what it holds can't go elsewhere when the peer does not read on. */
const longestPiece = 65_536;

export class Outbox implements Flushable {
  flushedAt = 0;
  #items: (Stanza | string)[] = [];
  #bytes = 0;
  #isQueued = false;
  #isBlocked = false;
  /** Those who wait for what has not been written yet, and for what has been but is not with the kernel. */
  #waiting: ((isSent: boolean) => void)[] | undefined;
  #flushing: Set<(isSent: boolean) => void> | undefined;

  /** `namespace`: what each stanza must declare, on framed transports. */
  constructor(
    private readonly transport: Transport,
    private readonly flusher: Flusher,
    private readonly namespace: string | undefined,
  ) {}

  /** Bytes that have not gone to the kernel, about. */
  get bytes(): number {
    return this.#bytes + this.transport.bufferedBytes;
  }

  /** The transport takes no more for now. */
  get isBlocked(): boolean {
    return this.#isBlocked;
  }

  push(item: Stanza | string): void {
    this.#keep(item);
    if (this.#isQueued || this.#isBlocked) return;
    this.#isQueued = true;
    this.flusher.add(this);
  }

  /** Writes what has gathered, as far as the transport takes it; called by the flusher once a turn, or when it can't wait. */
  flush(): void {
    this.#isQueued = false;
    this.#write(false);
    this.#notify();
  }

  /** Writes everything, with `footer` behind it, whether the transport takes more or not. */
  finish(footer: string): void {
    if (footer !== "") this.#items.push(footer);
    this.#write(true);
    this.#notify();
  }

  /** The transport has sent everything: what has come meanwhile can go. */
  drained(): void {
    this.#isBlocked = false;
    this.flush();
  }

  /** Resolves true once everything pushed so far is with the kernel; false when the transport closed before. */
  flushed(): Promise<boolean> {
    return new Promise((resolve) => {
      (this.#waiting ??= []).push(resolve);
      if (!this.#isQueued && !this.#isBlocked) this.flush();
    });
  }

  /** Takes out the stanzas that wait for a peer who does not read, in order. None while the transport takes more. */
  withdraw(): Stanza[] {
    if (!this.#isBlocked) return [];
    const stanzas = this.#items.filter(isStanza);
    this.#items = this.#items.filter((item) => !isStanza(item));
    if (stanzas.length > 0) this.#settle(false);
    return stanzas;
  }

  /** The transport is gone: returns the stanzas that were not written, in order. */
  abandon(): Stanza[] {
    const unsent = this.#items.filter(isStanza);
    this.#items = [];
    this.#settle(false);
    return unsent;
  }

  /** Until the transport has enough, or with `isAll` to the end. */
  #write(isAll: boolean): void {
    const items = this.#items;
    if (items.length === 0) return;
    this.#items = [];
    this.#bytes = 0;
    let written = 0;
    do {
      if (this.namespace === undefined) written = this.#writePiece(items, written);
      else this.#writeFrame(items[written++] ?? "", this.namespace);
    } while (written < items.length && (isAll || !this.#isBlocked));
    for (; written < items.length; written += 1) this.#keep(items[written] ?? "");
  }

  /** Writes items from `start` on in one piece; answers where the next one starts. */
  #writePiece(items: readonly (Stanza | string)[], start: number): number {
    const alone = items.length === start + 1 ? items[start] : undefined;
    return alone !== undefined && this.#writeShared(alone) ? items.length : this.#writeText(items, start);
  }

  /** Sends what is for many as bytes: they lie ready, but for the address. False for all else. */
  #writeShared(item: Stanza | string): boolean {
    const bytes = typeof item === "string" ? undefined : item.toBytes(this.namespace);
    if (bytes !== undefined) this.#isBlocked = !this.transport.writeBytes(bytes);
    return bytes !== undefined;
  }

  /** Joins as many as make a piece. */
  #writeText(items: readonly (Stanza | string)[], start: number): number {
    let text = "";
    let isPlain = true;
    let next = start;
    while (next < items.length && text.length < longestPiece) {
      const item = items[next++] ?? "";
      if (typeof item === "string") {
        text += item;
        isPlain &&= isAscii(item);
      } else {
        text += item.toXml();
        isPlain &&= item.isAscii;
      }
    }
    this.#isBlocked = !this.transport.write(text, isPlain);
    return next;
  }

  #writeFrame(item: Stanza | string, namespace: string): void {
    if (this.#writeShared(item)) return;
    const isOpen =
      typeof item === "string"
        ? this.transport.write(item, false)
        : this.transport.write(item.toXml(namespace), item.isAscii);
    this.#isBlocked = !isOpen;
  }

  #keep(item: Stanza | string): void {
    this.#bytes += sizeOf(item);
    this.#items.push(item);
  }

  #settle(isSent: boolean): void {
    for (const resolve of [...(this.#flushing ?? []), ...(this.#waiting ?? [])]) resolve(isSent);
    this.#flushing = this.#waiting = undefined;
  }

  #notify(): void {
    if (this.#waiting === undefined || this.#isBlocked) return;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    const flushing = (this.#flushing ??= new Set());
    for (const resolve of waiting) flushing.add(resolve);
    this.transport.flushed(() => {
      for (const resolve of waiting) if (flushing.delete(resolve)) resolve(true);
    });
  }
}

function isStanza(item: Stanza | string): item is Stanza {
  return typeof item !== "string";
}

function sizeOf(item: Stanza | string): number {
  return typeof item === "string" ? item.length : item.body.content.length + startTagBytes;
}
