// What a stream says it has handled (XEP-0198) is over: read, stored, answered, whatever has come after it.
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { Custody } from "../../src/routing/custody.js";
import { parseStanza } from "../../src/stanza/parse-stanza.js";
import { HandledStanzas } from "../../src/stream/acknowledgements.js";
import { playServer, type Stage } from "../support/play-server.js";

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

/** Letters from another server for a real host, whose disk commits when the test says so. */
class Verona {
  readonly #handled = new HandledStanzas(() => undefined);
  readonly #commits: (() => void)[] = [];

  private constructor(readonly stage: Stage) {}

  static async begins(t: TestContext): Promise<Verona> {
    const stage = await playServer(t);
    const verona = new Verona(stage);
    const { offline } = stage.storage;
    const append = offline.append.bind(offline);
    offline.append = async (...parameters: Parameters<typeof append>) => {
      const stored = await append(...parameters);
      await new Promise<void>((resolve) => verona.#commits.push(resolve));
      return stored;
    };
    return verona;
  }

  get count(): number {
    return this.#handled.count;
  }

  comes(stanza: string): void {
    const { router } = this.stage;
    this.#handled.add();
    router.custody.of(this.#handled, () => router.route(parseStanza(stanza)));
  }

  /** As many letters are on their way to the disk. */
  async untilWriting(letters: number): Promise<void> {
    while (this.#commits.length < letters) await new Promise((resolve) => setImmediate(resolve));
  }

  async commits(letters = this.#commits.length): Promise<void> {
    for (const commit of this.#commits.splice(0, letters)) commit();
    await this.stage.settle();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function letter(user: string, id: number): string {
  const addresses = `from='romeo@mantua.example/orchard' to='${user}@verona.example'`;
  return `<message xmlns='jabber:client' ${addresses} type='chat' id='${id}'><body>Ay me</body></message>`;
}

test("a letter for an account that is not in memory counts once it is on the disk", async (t) => {
  const verona = await Verona.begins(t);
  await verona.stage.account("juliet");
  verona.comes(letter("juliet", 1));
  assert.equal(verona.count, 0); // the account is being read
  await verona.untilWriting(1);
  assert.equal(verona.count, 0);
  verona.comes(letter("juliet", 2));
  await verona.untilWriting(2);
  await verona.commits(1);
  assert.equal(verona.count, 1);
  await verona.commits();
  assert.equal(verona.count, 2);
  assert.equal(await verona.stage.storage.offline.count({ host: "verona.example", user: "juliet" }), 2);
});

test("a letter for somebody in memory who is not there does not count sooner", async (t) => {
  const verona = await Verona.begins(t);
  const juliet = await verona.stage.login("juliet"); // in memory, but not available
  verona.comes(letter("juliet", 1));
  await verona.untilWriting(1);
  assert.equal(verona.count, 0);
  await verona.commits();
  assert.equal(verona.count, 1);
  assert.equal(juliet.hasEnded, false);
});

test("what somebody who is there gets, and what comes back, counts at once; not before what came earlier", async (t) => {
  const verona = await Verona.begins(t);
  await verona.stage.account("nurse");
  const juliet = await verona.stage.enter("juliet");
  verona.comes(letter("nurse", 1));
  await verona.untilWriting(1);
  verona.comes(letter("juliet", 2));
  assert.equal((await juliet.next()).attrs["id"], "2");
  verona.comes(letter("nobody", 3));
  await verona.stage.settle();
  assert.equal(verona.count, 0);
  await verona.commits();
  assert.equal(verona.count, 3);
});

test("a disk that fails does not keep a letter open for ever: its sender is told", async (t) => {
  const verona = await Verona.begins(t);
  await verona.stage.account("juliet");
  const { offline } = verona.stage.storage;
  offline.append = () => Promise.reject(new Error("The disk is on fire."));
  const returned: string[] = [];
  verona.stage.router.remote = { receive: (stanza) => void returned.push(stanza.toXml()) };
  verona.comes(letter("juliet", 1));
  while (verona.count < 1) await new Promise((resolve) => setImmediate(resolve));
  assert.equal(returned.length, 1);
  assert.match(returned[0] ?? "", /type='error'.*<service-unavailable/);
  assert.match(verona.stage.errors.splice(0).join(), /on fire/);
});
