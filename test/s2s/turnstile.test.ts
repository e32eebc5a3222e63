// So many at one time, the others in the order in which they came.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Turnstile } from "../../src/s2s/turnstile.js";

/** Guests come one after the other; each stays until told to leave. */
class Feast {
  readonly entered: string[] = [];
  readonly #leaving = new Map<string, (error?: Error) => void>();

  constructor(private readonly turnstile: Turnstile) {}

  async arrives(guest: string): Promise<string> {
    return this.turnstile.pass(async () => {
      this.entered.push(guest);
      const error = await new Promise<Error | undefined>((leave) => this.#leaving.set(guest, leave));
      if (error !== undefined) throw error;
      return guest;
    });
  }

  leaves(guest: string, error?: Error): void {
    this.#leaving.get(guest)?.(error);
  }
}

test("who comes when all places are taken waits for the first that is free", async () => {
  const feast = new Feast(new Turnstile(2));
  const [romeo, benvolio, mercutio, rosaline] = ["Romeo", "Benvolio", "Mercutio", "Rosaline"].map((guest) =>
    feast.arrives(guest),
  );
  await Promise.resolve();
  assert.deepEqual(feast.entered, ["Romeo", "Benvolio"]);
  feast.leaves("Benvolio");
  assert.equal(await benvolio, "Benvolio");
  feast.leaves("Romeo");
  assert.equal(await romeo, "Romeo");
  assert.deepEqual(feast.entered, ["Romeo", "Benvolio", "Mercutio", "Rosaline"]);
  feast.leaves("Mercutio");
  feast.leaves("Rosaline");
  await Promise.all([mercutio, rosaline]);
});

test("who leaves in anger makes room, too, and nobody overtakes", async () => {
  const feast = new Feast(new Turnstile(1));
  const tybalt = feast.arrives("Tybalt");
  const romeo = feast.arrives("Romeo");
  feast.leaves("Tybalt", new Error("A villain!"));
  const juliet = feast.arrives("Juliet");
  await assert.rejects(tybalt, /A villain/);
  assert.deepEqual(feast.entered, ["Tybalt", "Romeo"]);
  feast.leaves("Romeo");
  await romeo;
  feast.leaves("Juliet");
  await juliet;
  const nurse = feast.arrives("Nurse");
  assert.equal(feast.entered.at(-1), "Nurse");
  feast.leaves("Nurse");
  await nurse;
});
