// What a stream says it has handled (XEP-0198) is over: read, stored, answered, whatever has come after it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Custody } from "../../src/routing/custody.js";
import { HandledStanzas } from "../../src/stream/acknowledgements.js";

/** Letters come on a stream; each waits for its account to be read, then for its place on the disk. */
class Post {
  readonly told: number[] = [];
  readonly #custody = new Custody();
  readonly #handled = new HandledStanzas(() => this.told.push(this.#handled.count));
  readonly #reads: (() => void)[] = [];
  readonly #writes: (() => void)[] = [];

  get count(): number {
    return this.#handled.count;
  }

  /** `isKnown`: nobody has to be asked about the letter any more when it has come. */
  comes(isKnown = false): void {
    this.#handled.add();
    this.#custody.of(this.#handled, () => {
      if (!isKnown) this.#reads.push(this.#custody.later(() => this.#store()));
    });
  }

  /** The accounts of so many letters have been read. */
  isRead(letters: number): void {
    for (const read of this.#reads.splice(0, letters)) read();
  }

  /** So many letters are on the disk. */
  async isStored(letters: number): Promise<void> {
    for (const write of this.#writes.splice(0, letters)) write();
    await new Promise((resolve) => setImmediate(resolve));
  }

  #store(): void {
    this.#custody.until(new Promise<void>((resolve) => this.#writes.push(resolve)));
  }
}

test("a letter is not handled until it is stored, though later ones came while its account was being read", async () => {
  const post = new Post();
  for (let letter = 0; letter < 3; letter += 1) post.comes();
  post.comes(true);
  assert.equal(post.count, 0);
  post.isRead(3);
  assert.equal(post.count, 0);
  await post.isStored(1);
  assert.equal(post.count, 1);
  await post.isStored(2);
  assert.equal(post.count, 4);
  assert.deepEqual(post.told, [1, 2, 4]);
});

test("letters that are done with sooner wait for those before them", async () => {
  const post = new Post();
  post.comes(true);
  post.comes();
  post.comes(true);
  assert.equal(post.count, 1);
  post.isRead(1);
  post.comes();
  await post.isStored(1);
  assert.equal(post.count, 3);
});
