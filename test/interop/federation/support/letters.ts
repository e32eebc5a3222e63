// Messages whose fate is looked into: each must arrive once, or come back to its sender.
import assert from "node:assert/strict";
import { PATIENCE_MILLISECONDS } from "../../support/patience.js";
import type { Actor } from "./actor.js";

let numbered = 0;

export class Letters {
  private readonly bodies: string[] = [];

  constructor(
    private readonly from: Actor,
    private readonly to: Actor,
  ) {}

  /** Sends this many, each with a text of its own. */
  send(count: number): void {
    for (let index = 0; index < count; index += 1) {
      const body = `Letter ${(numbered += 1)}`;
      this.bodies.push(body);
      this.from.writes(this.to, body, body);
    }
  }

  /** Each has arrived once, or it has come back; none has done both. */
  haveArrivedOrReturned(): void {
    this.verify(({ arrived, returned }) => arrived + returned === 1);
  }

  /** ejabberd loses what it sends in the moment in which it gives a stream up. */
  haveNotDoubled(): void {
    this.verify(({ arrived, returned }) => arrived + returned <= 1);
  }

  haveArrived(): void {
    this.verify(({ arrived, returned }) => arrived === 1 && returned === 0);
  }

  /** None is lost and none has come twice; one may have arrived and be said to be in doubt. */
  areAccountedFor(): void {
    this.verify(({ arrived, returned }) => arrived <= 1 && returned <= 1 && arrived + returned >= 1);
  }

  private verify(isRight: (fate: { arrived: number; returned: number }) => boolean): void {
    const fates = this.bodies.map((body) => ({ body, arrived: this.to.hasRead(body), returned: this.returned(body) }));
    assert.deepEqual(
      fates.filter((fate) => !isRight(fate)),
      [],
    );
  }

  private returned(id: string): number {
    const isReturned = ({ attributes }: Actor["received"][number]) =>
      attributes.get("id") === id && attributes.get("type") === "error";
    return this.from.received.filter(isReturned).length;
  }
}

/** How long a ping may take to be answered; ejabberd loses one now and then while it gives up a connection. */
const PING_MILLISECONDS = 3000;

/**
 * Asks a server until it answers: its peers may keep away from it for a moment after a failure. When it does, it has all
 * that was sent to it before.
 */
export async function reach(actor: Actor, server: string): Promise<void> {
  const deadline = Date.now() + PATIENCE_MILLISECONDS;
  while (!(await isReached(actor, server))) assert.ok(Date.now() < deadline, `${actor.address} cannot reach ${server}`);
}

async function isReached(actor: Actor, server: string): Promise<boolean> {
  const patience = actor.isOn("ejabberd") ? PING_MILLISECONDS : PATIENCE_MILLISECONDS;
  const answer = await actor.gets("urn:xmpp:ping", server, "ping", patience).catch(() => undefined);
  return answer?.attributes.get("type") === "result";
}
