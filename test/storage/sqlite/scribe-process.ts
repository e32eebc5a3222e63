// The process of scribe.ts: appends numbered messages, archives others, changes a roster, many calls in flight, until it is killed.
import { setImmediate } from "node:timers/promises";
import type { Storage } from "../../../src/storage/storage.js";
import { sqliteStorage } from "../../../src/storage/sqlite/sqlite-storage.js";
import { ball, saying } from "../archives.js";
import { accountOf, itemOf } from "../people.js";
import type { Acknowledged } from "./scribe.js";

const friar = accountOf("laurence");
const quota = { messages: 1_000_000, bytes: 1_000_000_000 };

class Writer {
  #message: number;
  #version: number;
  #archived: number;

  constructor(
    private readonly storage: Storage,
    messages: number,
    version: number,
    archived: number,
  ) {
    this.#message = messages;
    this.#version = version;
    this.#archived = archived;
  }

  async writeForever(): Promise<never> {
    for (let turn = 0; ; turn += 1) {
      const written = Array.from({ length: 1 + (turn % 7) }, () => this.#append());
      written.push(this.#changeRoster(), this.#sendAway(turn), this.#archive(), this.#archive());
      // A few turns are under way at any time, so that commits of several sizes are cut short.
      await (turn % 5 === 0 ? Promise.all(written) : setImmediate());
    }
  }

  async #append(): Promise<void> {
    const number = this.#message++;
    const isStored = await this.storage.offline.append(friar, String(number), 0, quota);
    if (isStored) acknowledge(["message", number]);
  }

  async #archive(): Promise<void> {
    const number = this.#archived++;
    await this.storage.archive.append(ball, saying(String(number), number));
    acknowledge(["archived", number]);
  }

  async #changeRoster(): Promise<void> {
    const version = ++this.#version;
    await this.storage.roster.put(friar, itemOf(`friend${version % 20}@verona.example`, version));
    acknowledge(["roster", version]);
  }

  /** A stanza for another server; two of three are marked as sent, and one of those is removed. */
  async #sendAway(turn: number): Promise<void> {
    const { outbound } = this.storage;
    const number = await outbound.append("verona.example", "mantua.example", String(turn), 0);
    acknowledge(["waiting", number]);
    if (turn % 3 === 0) return;
    await outbound.markSent([number]);
    acknowledge(["sent", number]);
    if (turn % 3 === 1) return;
    await outbound.remove([number]);
    acknowledge(["gone", number]);
  }
}

function acknowledge(what: Acknowledged): void {
  process.send?.(what);
}

process.on("disconnect", () => process.exit());
const storage = await sqliteStorage(process.argv[2] ?? "");
await storage.accounts.create(friar);
const state = await storage.accounts.load(friar, []);
const [messages, archived] = await Promise.all([storage.offline.count(friar), storage.archive.count(ball, {})]);
await new Writer(storage, messages, state?.rosterVersion ?? 0, archived).writeForever();
