// Messages between two parties keep their order, and come once, however the addressee comes, goes and is forgotten.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Jid } from "../../src/jid/jid.js";
import type { Client } from "../support/client.js";
import { playServer, type Stage } from "../support/play-server.js";

const address = "juliet@verona.example";

/** As in src/routing/local-host.ts. */
const mostWaiting = 1000;

/** Romeo writes to Juliet, who has one resource at a time, and every message is counted. */
class Correspondence {
  #sent = 0;
  #juliet: Client | undefined;
  readonly #visits: Client[] = [];
  /** Written since the server last had time to read the account. */
  #atOnce = 0;

  constructor(
    private readonly play: Stage,
    private readonly romeo: Client,
  ) {}

  /** No more than may wait for an account that is being read: the server refuses the rest, as it should. */
  async writes(count: number): Promise<void> {
    if (this.#atOnce + count > mostWaiting) {
      await this.play.settle();
      this.#atOnce = 0;
    }
    this.#atOnce += count;
    for (let index = 0; index < count; index += 1) {
      this.romeo.send(`<message type='chat' to='${address}'><body>${this.#sent++}</body></message>`);
    }
  }

  /** With presence at once: live messages come while older ones are still being read from storage. */
  async comes(): Promise<void> {
    if (this.#juliet !== undefined) return;
    this.#juliet = await this.play.login("juliet", "balcony");
    this.#visits.push(this.#juliet);
    this.#juliet.send("<presence/>");
  }

  leaves(): void {
    this.#juliet?.send("</stream:stream>");
    this.#juliet = undefined;
  }

  /** Unavailable, or of negative priority: connected, but messages to the bare JID wait (RFC 6121 §8.5.2.1.1). */
  hides(presence: string): void {
    this.#juliet?.send(presence);
  }

  /** The account is no longer in memory: the next message has to wait until it has been read. */
  isForgotten(): void {
    const accounts = this.play.router.hosts.get("verona.example")?.accounts;
    if (this.#juliet === undefined && accounts?.peek(Jid.parse(address))?.pins === 0)
      accounts.invalidate(Jid.parse(address));
  }

  /** Juliet comes for the last time, and has read everything when she has read what is written last. */
  async check(): Promise<void> {
    this.leaves();
    await this.comes();
    await this.writes(1);
    for (let rounds = 0; rounds < 100 && this.#received.at(-1) !== this.#sent - 1; rounds += 1)
      await this.play.settle();
    assert.deepEqual(this.#received, [...Array(this.#sent).keys()]);
  }

  get #received(): readonly number[] {
    const stanzas = this.#visits.flatMap(({ unexpected }) => unexpected);
    return stanzas.flatMap((stanza) => stanza.getChildText("body") ?? []).map(Number);
  }
}

type Step = (correspondence: Correspondence) => Promise<void> | void;

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.integer({ min: 1, max: 250 }).map(
      (count): Step =>
        (all) =>
          all.writes(count),
    ),
  },
  { weight: 2, arbitrary: fc.constant<Step>((all) => all.comes()) },
  { weight: 2, arbitrary: fc.constant<Step>((all) => all.leaves()) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Step>(
      (all) => all.hides("<presence type='unavailable'/>"),
      (all) => all.hides("<presence><priority>-1</priority></presence>"),
      (all) => all.hides("<presence/>"),
    ),
  },
  { weight: 1, arbitrary: fc.constant<Step>((all) => all.isForgotten()) },
  { weight: 2, arbitrary: fc.constant<Step>(() => Promise.resolve()) },
  { weight: 2, arbitrary: fc.constant<Step>(() => new Promise((resolve) => setImmediate(resolve))) },
);

test("whatever is sent comes once and in order", async (context) => {
  const plays = fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 25 }), async (steps) => {
    const play = await playServer(context, { config: "[accounts]\noffline_messages = 100_000\n" });
    await play.account("juliet");
    const correspondence = new Correspondence(play, await play.login("romeo"));
    for (const each of steps) await each(correspondence);
    await correspondence.check();
  });
  await fc.assert(plays, { numRuns: 60, includeErrorInReport: true });
});
