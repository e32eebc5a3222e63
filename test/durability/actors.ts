// People who change things on a server as fast as they are answered, and remember what they were promised.
import assert from "node:assert/strict";
import type { RawClient } from "../support/raw-client.js";
import { host, type ServerProcess } from "./server-process.js";

export interface Actor {
  readonly users: readonly string[];
  /** Changes things until the server goes away; `acknowledged` is called for each promise. */
  act(server: ServerProcess, acknowledged: () => void): Promise<void>;
  /** Compares what the server has, after a restart, with what was promised; then goes on from there. */
  verify(server: ServerProcess): Promise<void>;
}

/** A value that is changed again and again: the last that was promised, and the last that was asked for. */
class Promised {
  promised = 0;
  asked = 0;

  check(found: number, what: string): void {
    assert.ok(found >= this.promised, `${what}: ${found} is there, ${this.promised} was acknowledged`);
    assert.ok(found <= this.asked, `${what}: ${found} is there, ${this.asked} was the last`);
    this.promised = this.asked = found;
  }
}

function isResult(answer: string): void {
  assert.match(answer, / type=['"]result['"]/);
}

async function setsItem(client: RawClient, contact: string, name: number): Promise<void> {
  const item = `<item jid='${contact}@${host}' name='${name}'/>`;
  isResult(await client.asks("set", `<query xmlns='jabber:iq:roster'>${item}</query>`));
}

/** The items of a roster, as text, by contact. */
async function rosterOf(client: RawClient): Promise<ReadonlyMap<string, string>> {
  const answer = await client.asks("get", "<query xmlns='jabber:iq:roster'/>");
  return new Map(
    [...answer.matchAll(/<item [^>]*jid=['"]([^@]*)@[^>]*>/g)].map(([item, contact = ""]) => [contact, item]),
  );
}

/** Renames friends. */
export class RosterKeeper implements Actor {
  readonly users: readonly string[];
  readonly #friends = Array.from({ length: 7 }, () => new Promised());
  #count = 0;

  constructor(private readonly user: string) {
    this.users = [user];
  }

  async act(server: ServerProcess, acknowledged: () => void): Promise<void> {
    const client = await server.login(this.user);
    for (;;) {
      const index = (this.#count += 1) % this.#friends.length;
      const friend = this.#friends[index] ?? assert.fail();
      friend.asked += 1;
      await setsItem(client, `friend${index}`, friend.asked);
      friend.promised = friend.asked;
      acknowledged();
    }
  }

  async verify(server: ServerProcess): Promise<void> {
    const roster = await rosterOf(await server.login(this.user));
    for (const [index, friend] of this.#friends.entries()) {
      const name = /name=['"](\d+)['"]/.exec(roster.get(`friend${index}`) ?? "")?.[1] ?? "0";
      friend.check(Number(name), `${this.user}'s friend${index}`);
    }
  }
}

/** Keeps a number in private XML storage (XEP-0049). */
export class DiaryKeeper implements Actor {
  readonly users: readonly string[];
  readonly #page = new Promised();

  constructor(private readonly user: string) {
    this.users = [user];
  }

  async act(server: ServerProcess, acknowledged: () => void): Promise<void> {
    const client = await server.login(this.user);
    for (;;) {
      const page = `<diary xmlns='urn:example:diary' page='${(this.#page.asked += 1)}'/>`;
      isResult(await client.asks("set", `<query xmlns='jabber:iq:private'>${page}</query>`));
      this.#page.promised = this.#page.asked;
      acknowledged();
    }
  }

  async verify(server: ServerProcess): Promise<void> {
    const client = await server.login(this.user);
    const answer = await client.asks(
      "get",
      "<query xmlns='jabber:iq:private'><diary xmlns='urn:example:diary'/></query>",
    );
    this.#page.check(Number(/page=['"](\d+)['"]/.exec(answer)?.[1] ?? "0"), `${this.user}'s diary`);
  }
}

/** Changes the password again and again (XEP-0077 §3.3). */
export class PasswordChanger implements Actor {
  readonly users: readonly string[];
  readonly #password = new Promised();

  constructor(private readonly user: string) {
    this.users = [user];
  }

  async act(server: ServerProcess, acknowledged: () => void): Promise<void> {
    const client = await server.login(this.user, this.#text(this.#password.promised));
    for (;;) {
      const fields = `<username>${this.user}</username><password>${this.#text((this.#password.asked += 1))}</password>`;
      isResult(await client.asks("set", `<query xmlns='jabber:iq:register'>${fields}</query>`));
      this.#password.promised = this.#password.asked;
      acknowledged();
    }
  }

  /** One change at the most was under way: the password is the promised one or the next. */
  async verify(server: ServerProcess): Promise<void> {
    const { promised, asked } = this.#password;
    for (let password = asked; password >= promised; password -= 1) {
      const isRight = await server.login(this.user, this.#text(password)).then(
        () => true,
        () => false,
      );
      if (isRight) return this.#password.check(password, `${this.user}'s password`);
    }
    assert.fail(`None of ${this.user}'s passwords from ${promised} to ${asked} is right.`);
  }

  #text(number: number): string {
    return number === 0 ? this.user : `${this.user}-${number}`;
  }
}

/** Writes numbered letters to somebody who is not there. */
export class LetterWriter implements Actor {
  readonly users: readonly string[];
  promised = 0;
  next = 0;

  constructor(
    private readonly user: string,
    private readonly addressee: string,
  ) {
    this.users = [user];
  }

  async act(server: ServerProcess, acknowledged: () => void): Promise<void> {
    const client = await server.login(this.user);
    for (let count = 0; ; count += 1) {
      const letters = Array.from({ length: 1 + (count % 5) }, () => this.#letter());
      client.send(letters.join(""));
      // Requests overtake no messages, so once this is answered, storage has been given them, and keeps its order.
      await client.asks("get", "<nothing xmlns='urn:example:nothing'/>", `${this.addressee}@${host}`);
      await setsItem(client, "postman", count);
      this.promised = this.next;
      acknowledged();
    }
  }

  /** Letters are looked at in the database: reading them takes them away. */
  async verify(): Promise<void> {
    return Promise.resolve();
  }

  /** `letters`: their numbers, as they are stored. */
  check(letters: readonly number[]): void {
    assert.deepEqual(letters, [...letters.keys()], `${this.user}'s letters, each once and in order`);
    assert.ok(letters.length >= this.promised, `${letters.length} of ${this.promised} letters of ${this.user}`);
    this.promised = this.next = letters.length;
  }

  #letter(): string {
    return `<message to='${this.addressee}@${host}' type='chat'><body>${this.next++}</body></message>`;
  }
}

/** Subscribes to somebody's presence and stops it, over and over; both rosters change at each step. */
export class Suitor implements Actor {
  readonly users: readonly string[];
  /** What both sides have been told last; undefined while a step is under way. */
  #isSubscribed: boolean | undefined;

  constructor(
    private readonly user: string,
    private readonly beloved: string,
  ) {
    this.users = [user, beloved];
  }

  async act(server: ServerProcess, acknowledged: () => void): Promise<void> {
    const [suitor, beloved] = await Promise.all([server.login(this.user), server.login(this.beloved)]);
    for (const client of [suitor, beloved]) {
      await rosterOf(client);
      await client.becomesAvailable();
    }
    for (const [client, other] of [[suitor, this.beloved] as const, [beloved, this.user] as const]) {
      const item = `<item jid='${other}@${host}' subscription='remove'/>`;
      await client.asks("set", `<query xmlns='jabber:iq:roster'>${item}</query>`);
    }
    for (;;) {
      this.#isSubscribed = undefined;
      suitor.send(`<presence type='subscribe' to='${this.beloved}@${host}'/>`);
      await beloved.receives(/<presence [^>]*type='subscribe'/);
      beloved.send(`<presence type='subscribed' to='${this.user}@${host}'/>`);
      await this.#bothAreTold(suitor, "to", beloved, "from");
      this.#isSubscribed = true;
      acknowledged();
      this.#isSubscribed = undefined;
      suitor.send(`<presence type='unsubscribe' to='${this.beloved}@${host}'/>`);
      await this.#bothAreTold(suitor, "none", beloved, "none");
      this.#isSubscribed = false;
      acknowledged();
    }
  }

  async verify(server: ServerProcess): Promise<void> {
    const ours = (await rosterOf(await server.login(this.user))).get(this.beloved) ?? "";
    const theirs = (await rosterOf(await server.login(this.beloved))).get(this.user) ?? "";
    const sees = /subscription=['"]to['"]/.test(ours);
    const isSeen = /subscription=['"]from['"]/.test(theirs);
    if (sees) assert.ok(isSeen, `${this.user} sees ${this.beloved}, who does not know: ${ours} ${theirs}`);
    if (this.#isSubscribed !== undefined) assert.deepEqual([sees, isSeen], [this.#isSubscribed, this.#isSubscribed]);
  }

  async #bothAreTold(suitor: RawClient, ours: string, beloved: RawClient, theirs: string): Promise<void> {
    const push = (contact: string, state: string): RegExp =>
      new RegExp(`<item [^>]*jid=['"]${contact}@${host}['"] subscription=['"]${state}['"](?! ask)`);
    await Promise.all([suitor.receives(push(this.beloved, ours)), beloved.receives(push(this.user, theirs))]);
  }
}
