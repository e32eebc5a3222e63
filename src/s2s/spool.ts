// What waits for other servers, kept on disk: it is still there after a crash, and after a restart.
import { parseStanza } from "../stanza/parse-stanza.js";
import type { Stanza } from "../stanza/stanza.js";
import type { OutboundRecord } from "../storage/records.js";
import type { Storage } from "../storage/storage.js";

/** Records that are read at a time. */
const page = 500;

/** A stanza that is kept. */
interface Kept {
  /** Its number, once it is on disk. */
  readonly stored: Promise<number>;
  /** It may be sent: that it will have been is on disk. */
  isMarked: boolean;
}

export class Spool {
  readonly #kept = new WeakMap<Stanza, Kept>();
  /** Numbers of what is to be removed, all at once at the end of the turn. */
  #gone: number[] = [];

  constructor(
    private readonly storage: Storage["outbound"],
    private readonly onFailure: (error: unknown) => void,
  ) {}

  has(stanza: Stanza): boolean {
    return this.#kept.has(stanza);
  }

  /** Whether the stanza may be sent now: it is not kept, or it is on disk that it was about to be sent. */
  mayGo(stanza: Stanza): boolean {
    return this.#kept.get(stanza)?.isMarked !== false;
  }

  /** Keeps the stanza; resolves when it is on disk, or could not be put there. */
  async keep(stanza: Stanza, local: string, remote: string, since: number): Promise<void> {
    if (this.has(stanza)) return;
    const stored = this.storage.append(local, remote, stanza.toXml("jabber:client"), since);
    this.#kept.set(stanza, { stored, isMarked: false });
    await stored.catch((error: unknown) => this.#lose(stanza, error));
  }

  /** Resolves when it is on disk that these are about to be sent, for nobody can tell after a crash whether they have arrived. */
  async mark(stanzas: readonly Stanza[]): Promise<void> {
    const kept = stanzas.flatMap((stanza) => this.#kept.get(stanza) ?? []);
    await this.storage.markSent(await Promise.all(kept.map(({ stored }) => stored)));
    for (const each of kept) each.isMarked = true;
  }

  /** These have not been sent after all, and that is known: after the next start they will be. */
  async unmark(stanzas: readonly Stanza[]): Promise<void> {
    const marked = stanzas.flatMap((stanza) => this.#kept.get(stanza) ?? []).filter(({ isMarked }) => isMarked);
    if (marked.length === 0) return;
    for (const each of marked) each.isMarked = false;
    await this.storage.markSent(await Promise.all(marked.map(({ stored }) => stored)), false);
  }

  /** The stanza has arrived, or has gone back to its sender. */
  forget(stanza: Stanza): void {
    const kept = this.#kept.get(stanza);
    this.#kept.delete(stanza);
    kept?.stored.then(
      (sequence) => this.#remove(sequence),
      () => undefined, // it was told when it could not be kept
    );
  }

  #lose(stanza: Stanza, error: unknown): void {
    this.#kept.delete(stanza);
    this.onFailure(error);
  }

  /** All that is kept, in order, each as a stanza that is kept. What can't be read any more is dropped, and told of. */
  async *restore(): AsyncGenerator<{ readonly stanza: Stanza; readonly record: OutboundRecord }> {
    let after = 0;
    for (;;) {
      const records = await this.storage.read(after, page);
      for (const record of records) {
        after = record.sequence;
        const stanza = this.#parse(record);
        if (stanza === undefined) continue;
        this.#kept.set(stanza, { stored: Promise.resolve(record.sequence), isMarked: record.isSent });
        yield { stanza, record };
      }
      if (records.length < page) return;
    }
  }

  #parse({ stanza, sequence }: OutboundRecord): Stanza | undefined {
    try {
      return parseStanza(stanza);
    } catch (error) {
      this.onFailure(error);
      this.#remove(sequence);
      return undefined;
    }
  }

  #remove(sequence: number): void {
    if (this.#gone.push(sequence) > 1) return;
    setImmediate(() => {
      const gone = this.#gone;
      this.#gone = [];
      this.storage.remove(gone).catch(this.onFailure);
    });
  }
}

/** Whether a stanza is worth to be kept: what tells of a moment is not, nor what is asked again by itself. */
export function isLasting({ kind, type }: Stanza): boolean {
  if (kind === "message") return type !== "error" && type !== "headline";
  return kind === "presence" && type !== undefined && subscriptionTypes.has(type);
}

const subscriptionTypes: ReadonlySet<string> = new Set(["subscribe", "subscribed", "unsubscribe", "unsubscribed"]);
