// A room of Verona's in which many are, of two servers.
import assert from "node:assert/strict";
import { Guest, type Heard } from "./guest.js";
import type { City } from "./two-servers.js";

const MUC = "http://jabber.org/protocol/muc";

/** Nobody is told to wait, and what a crowd is sent that enters at once fits the queue (lines of [servers] first). */
export const generous = `queue_stanzas = 100_000
queue_size = "256 MiB"
[extensions.rooms]
message_rate = 10_000
message_burst = 100_000
presence_rate = 10_000
history = 1000
`;

export class Company {
  readonly guests: readonly Guest[];
  readonly #cities = new Map<Guest, { readonly city: City; readonly user: string }>();

  constructor(
    readonly cities: readonly City[],
    readonly crowd: readonly string[],
    room = "garden@rooms.verona.example",
  ) {
    this.guests = cities.flatMap((city) =>
      crowd.map((user) => {
        const guest = new Guest(`${user}-of-${city.domain.replace(/\..*/, "")}`, room);
        this.#cities.set(guest, { city, user });
        return guest;
      }),
    );
  }

  of(city: City): readonly Guest[] {
    return this.guests.filter((guest) => this.#cities.get(guest)?.city === city);
  }

  /** Logs in; enters the room, which the first of all makes. */
  async assemble(): Promise<void> {
    for (const guest of this.guests) {
      await this.logIn(guest);
      await guest.enters();
      if (guest === this.guests[0]) await this.configure(guest);
    }
    await this.settled();
  }

  async logIn(guest: Guest): Promise<void> {
    const { city, user } = this.#cities.get(guest) ?? assert.fail();
    guest.uses(await city.enter(user));
  }

  async configure(guest: Guest): Promise<void> {
    const fields = {
      FORM_TYPE: `${MUC}#roomconfig`,
      "muc#roomconfig_persistentroom": "1",
      "muc#maxhistoryfetch": "1000",
    };
    const elements = Object.entries(fields).map(
      ([name, value]) => `<field var='${name}'><value>${value}</value></field>`,
    );
    const form = `<x xmlns='jabber:x:data' type='submit'>${elements.join("")}</x>`;
    assert.match(await guest.asks("set", `<query xmlns='${MUC}#owner'>${form}</query>`), / type='result'/);
  }

  /** Resolves when everybody sees everybody. */
  async settled(): Promise<void> {
    await Promise.all(this.guests.map((guest) => guest.until(() => guest.present.size === this.guests.length)));
  }

  /** All say something last, and all hear it. */
  async partingWords(): Promise<void> {
    for (const guest of this.guests) guest.says(1);
    const words = this.guests.map(({ nick, said }) => `${nick} ${said - 1}`);
    const isHeard = ({ heard }: Guest): boolean => {
      const bodies = new Set(heard.map(({ body }) => body));
      return words.every((word) => bodies.has(word));
    };
    await Promise.all(this.guests.map((guest) => guest.until(() => isHeard(guest))));
  }

  /** Everybody is there, once. */
  assertComplete(): void {
    const all = this.guests.map(({ nick }) => nick).sort();
    for (const { present } of this.guests) assert.deepEqual([...present].sort(), all);
  }
}

/** Each heard the same as another who heard all, from some moment on to the end; nothing twice. */
export function assertSame(guest: Guest, all: readonly Heard[]): void {
  const { nick, heard } = guest;
  assert.equal(new Set(heard.map(({ id }) => id)).size, heard.length, `${nick} heard something twice`);
  assert.deepEqual(heard, all.slice(-heard.length), `${nick} heard something else`);
}

/** What each says is heard in the order in which it was said. */
export function assertOrder(all: readonly Heard[]): void {
  const last = new Map<string, number>();
  for (const { nick, body } of all) {
    const number = Number(body.split(" ")[1]);
    assert.ok(number > (last.get(nick) ?? -1), `${body} came after ${last.get(nick)}`);
    last.set(nick, number);
  }
}
