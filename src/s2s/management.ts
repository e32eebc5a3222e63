// Stream management between servers (XEP-0198): what has arrived, and what has to be sent again on the next stream.
import { HandledStanzas, SentStanzas } from "../stream/acknowledgements.js";
import type { Stream } from "../stream/stream.js";
import { StreamError } from "../stream/stream-error.js";
import type { Stanza } from "../stanza/stanza.js";
import { escapeAttribute } from "../xml/escape.js";
import type { Fragment } from "../xml/fragment.js";

export const managementNamespace = "urn:xmpp:sm:3";

/** Stanzas that are sent before the other end is asked how many have arrived. */
const askEvery = 50;
const ask = `<r xmlns='${managementNamespace}'/>`;
const wholeNumber = /^\d{1,10}$/;

export class Management {
  readonly sent = new SentStanzas();
  readonly handled = new HandledStanzas(() => this.#tellProgress());
  /** By which a later stream can go on with this one; undefined when the other end allows no resumption. */
  id: string | undefined;
  /** Asked for a number and not told yet: since when, in milliseconds since 1970. */
  askedAt: number | undefined;
  readonly #confirmed: (() => void)[] = [];
  #unasked = 0;
  /** They have asked when so many had come, and not all of these were done with when we answered. */
  #owed: number | undefined;
  /** They have said how far they had come, without going on: what is not acknowledged has not been handled. */
  isExact = false;

  /** `isCounting`: what we send counts from now on; `isEnabled`: what they send does. */
  constructor(
    private stream: Stream,
    private isCounting: boolean,
    private isEnabled: boolean,
  ) {}

  /** Both ends have agreed: what they send counts from now on (XEP-0198 §3). */
  enable(id: string | undefined): void {
    this.isCounting = this.isEnabled = true;
    this.id = id;
  }

  /** A stanza has come; it counts among those that are returned, if any. */
  received(): HandledStanzas | undefined {
    this.isUpToDate = false;
    return this.isEnabled ? this.handled : undefined;
  }

  /** Goes on with another stream. */
  moveTo(stream: Stream): void {
    this.stream = stream;
    this.askedAt = undefined;
    this.#owed = undefined;
  }

  /** A stanza is about to be sent. */
  count(stanza: Stanza): void {
    if (this.isCounting) this.sent.add(stanza);
  }

  /**
   * A stanza has been sent: asks now and then, answered or not. In a burst one question would be answered for its first
   * stanzas only, and all the others would be of unknown fate if the other side went down.
   */
  counted(now: number): void {
    if (this.isCounting && (this.#unasked += 1) >= askEvery) this.#ask(now);
  }

  /** Asks, unless an answer is due already or there is nothing to ask for. */
  ask(now: number): void {
    if (this.askedAt === undefined && this.sent.length > 0) this.#ask(now);
  }

  #ask(now: number): void {
    this.askedAt ??= now;
    this.#unasked = 0;
    this.stream.write(ask);
  }

  /** Resolves once everything that was sent has been confirmed, or the stream is over. */
  confirmed(): Promise<void> {
    if (this.sent.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.#confirmed.push(resolve));
  }

  /** The stream is over: nothing more will be confirmed on it. */
  ended(): void {
    for (const resolve of this.#confirmed.splice(0)) resolve();
  }

  tell(): void {
    this.stream.write(`<a xmlns='${managementNamespace}' h='${this.handled.count}'/>`);
  }

  /** Nothing has come since their last word on how much they have handled. */
  isUpToDate = false;

  /** They have broken off with an error: their last word on how much they have handled was not the last one of all. */
  doubt(): void {
    this.isUpToDate = false;
  }

  /** Takes <r/> and <a/>; false for anything else. */
  take(fragment: Fragment): boolean {
    this.isUpToDate = fragment.name === "a";
    if (fragment.name === "a") this.acknowledge(fragment);
    else if (fragment.name === "r") this.#answer();
    else return false;
    return true;
  }

  /** XEP-0198 §4: `h` of an <a/>, <resume/>, <resumed/> or <failed/>. */
  acknowledge(fragment: Fragment): void {
    const text = String(fragment.element().attrs["h"] ?? "");
    this.askedAt = undefined;
    if (wholeNumber.test(text) && Number(text) < 2 ** 32 && this.sent.acknowledge(Number(text)))
      return this.#tellConfirmed();
    const sent = this.sent.count;
    const application = `<handled-count-too-high xmlns='${managementNamespace}' h='${escapeAttribute(text)}' send-count='${sent}'/>`;
    throw new StreamError("undefined-condition", `${text} stanzas acknowledged, ${sent} sent.`, application);
  }

  /** What was sent after the last question is not in its answer: whoever waits for it has it asked for, too. */
  #tellConfirmed(): void {
    if (this.sent.length === 0) this.ended();
    else if (this.#confirmed.length > 0 && this.#unasked > 0) this.ask(this.stream.lastReceivedAt);
  }

  #answer(): void {
    this.tell();
    const { received, done } = this.handled;
    this.#owed = done < received ? received : undefined;
  }

  /** Tells again once all that they asked for is done with; not at each step, or every stanza would cost an answer. */
  #tellProgress(): void {
    if (this.#owed === undefined || this.handled.done < this.#owed) return;
    this.#owed = undefined;
    this.tell();
  }
}
