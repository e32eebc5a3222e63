// What waits to be sent on a stream: gathered during a turn of the event loop, written at its end in one piece.
import type { Transport } from "../net/transport.js";
import type { Stanza } from "../stanza/stanza.js";
import type { Flusher } from "./flusher.js";

/** A guess of a stanza's markup beside its content, in bytes: exact sums would cost more than they tell. */
const startTagBytes = 160;

export class Outbox {
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

  push(item: Stanza | string): void {
    this.#bytes += typeof item === "string" ? item.length : item.body.content.length + startTagBytes;
    this.#items.push(item);
    if (this.#isQueued || this.#isBlocked) return;
    this.#isQueued = true;
    this.flusher.add(this);
  }

  /** Writes all that has gathered; called by the flusher once a turn, or directly when it can't wait. */
  flush(): void {
    this.#isQueued = false;
    if (this.#items.length === 0) return this.#notify();
    const items = this.#items;
    this.#items = [];
    this.#bytes = 0;
    this.#isBlocked = !(this.namespace === undefined ? this.#writeStream(items) : this.#writeFrames(items));
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
    return stanzas;
  }

  /** The transport is gone: returns the stanzas that were not written, in order. */
  abandon(): Stanza[] {
    const unsent = this.#items.filter(isStanza);
    this.#items = [];
    for (const resolve of [...(this.#flushing ?? []), ...(this.#waiting ?? [])]) resolve(false);
    this.#flushing = this.#waiting = undefined;
    return unsent;
  }

  #writeStream(items: readonly (Stanza | string)[]): boolean {
    let text = "";
    let isAscii = true;
    for (const item of items) {
      if (typeof item === "string") {
        text += item;
        isAscii = false;
      } else {
        text += item.toXml();
        isAscii &&= item.isAscii;
      }
    }
    return this.transport.write(text, isAscii);
  }

  #writeFrames(items: readonly (Stanza | string)[]): boolean {
    let isOpen = true;
    for (const item of items) {
      const text = typeof item === "string" ? item : item.toXml(this.namespace);
      isOpen = this.transport.write(text, false);
    }
    return isOpen;
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
