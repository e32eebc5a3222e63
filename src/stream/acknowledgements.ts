// What both ends of a stream have said they have handled (XEP-0198 §4): the counters, and what is kept until then.
import type { Stanza } from "../stanza/stanza.js";

/** Counters start again at zero behind 2^32 - 1 (XEP-0198 §4). */
const wrap = 2 ** 32;

/** Stanzas that we have sent, until the other end says that it has handled them. */
export class SentStanzas {
  #stanzas: Stanza[] = [];
  /** Those before it have been acknowledged; taken out now and then only. */
  #first = 0;
  #acknowledged = 0;
  /** Told of each stanza that the other end has handled. */
  onHandled: ((stanza: Stanza) => void) | undefined;

  get length(): number {
    return this.#stanzas.length - this.#first;
  }

  /** What the other end's counter is when it has handled everything. */
  get count(): number {
    return (this.#acknowledged + this.length) % wrap;
  }

  add(stanza: Stanza): void {
    this.#stanzas.push(stanza);
  }

  /** False for a number of stanzas that were never sent. Less than before is no news: some clients count anew. */
  acknowledge(handled: number): boolean {
    const news = (handled - this.#acknowledged + wrap) % wrap;
    if (news > this.length) return (this.#acknowledged - handled + wrap) % wrap <= wrap / 2;
    this.#acknowledged = handled;
    if (this.onHandled !== undefined) this.#stanzas.slice(this.#first, this.#first + news).forEach(this.onHandled);
    this.#first += news;
    this.#compact();
    return true;
  }

  /** In the order in which they were sent. */
  get unacknowledged(): readonly Stanza[] {
    return this.#stanzas.slice(this.#first);
  }

  #compact(): void {
    if (this.#first === this.#stanzas.length) this.#stanzas = [];
    else if (this.#first < 1000) return;
    else this.#stanzas = this.#stanzas.slice(this.#first);
    this.#first = 0;
  }
}

/** Stanzas that have come to us: how many of them, from the first on, are over and done with. */
export class HandledStanzas {
  #received = 0;
  /** What is not done with yet, in order. */
  #pending: HeldStanza[] = [];
  #open = 0;
  #reliefs: readonly { readonly below: number; readonly then: () => void }[] = [];

  /** `progressed`: what had been received before is done with now. */
  constructor(private readonly progressed: () => void) {}

  /** One more has come. */
  add(): void {
    this.#received += 1;
  }

  /** How many of those that have come are not over. */
  get open(): number {
    return this.#open;
  }

  /** Calls back, once, when fewer than so many are not over: at once if that is so. */
  whenFewer(below: number, then: () => void): void {
    if (this.#open < below) then();
    else this.#reliefs = [...this.#reliefs, { below, then }];
  }

  /** The latest stanza is not over; to be released once. */
  hold(): HeldStanza {
    const last = this.#pending.at(-1);
    if (last?.number === this.#received && !last.isOver) return last.hold();
    this.#open += 1;
    if (last?.number === this.#received) return last.hold();
    const held = new HeldStanza(this.#received, () => this.#advance());
    this.#pending.push(held);
    return held;
  }

  /** How many have come, and how many of them, from the first on, are over; neither starts again at zero. */
  get received(): number {
    return this.#received;
  }

  get done(): number {
    return (this.#pending[0]?.number ?? this.#received + 1) - 1;
  }

  /** The number to tell the other end. */
  get count(): number {
    return this.done % wrap;
  }

  #advance(): void {
    const before = this.count;
    while (this.#pending[0]?.isOver === true) this.#pending.shift();
    if (this.count !== before) this.progressed();
    this.#open -= 1;
    if (this.#reliefs.length > 0) this.#relieve();
  }

  #relieve(): void {
    const due = this.#reliefs.filter(({ below }) => this.#open < below);
    this.#reliefs = this.#reliefs.filter(({ below }) => this.#open >= below);
    for (const { then } of due) then();
  }
}

/** A stanza that is not over yet, by its number among those that have come. */
class HeldStanza {
  /** Things that it still waits for. */
  #holds = 1;

  constructor(
    readonly number: number,
    private readonly over: () => void,
  ) {}

  get isOver(): boolean {
    return this.#holds === 0;
  }

  /** It waits for one thing more; to be released once. */
  hold(): this {
    this.#holds += 1;
    return this;
  }

  release(): void {
    this.#holds -= 1;
    if (this.isOver) this.over();
  }
}
