// Messages whose fate is looked into: each must arrive once, or come back to its sender.
import assert from "node:assert/strict";
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

  /** Resolves when all have met their fate: the other server has answered later stanzas, and its user has read all. */
  async areSettled(): Promise<void> {
    await reach(this.from, this.to.server);
    await this.to.gets("jabber:iq:roster");
  }

  /** Each has arrived once, or it has come back; none has done both. */
  haveArrivedOrReturned(): void {
    this.verify(({ arrived, returned }) => arrived + returned === 1);
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

/** Asks a server until it answers: its peers may keep away from it for a moment after a failure. */
export async function reach(actor: Actor, server: string): Promise<void> {
  let answer = await actor.gets("urn:xmpp:ping", server, "ping");
  while (answer.attributes.get("type") !== "result") answer = await actor.gets("urn:xmpp:ping", server, "ping");
}
