// The server is killed while people talk in a room: whatever anybody has seen is in the accounts of those who are away.
import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { test, type TestContext } from "node:test";
import { assertOrder, generous } from "./company.js";
import { Guest, type Heard } from "./guest.js";
import { Household, ServerProcess } from "./server-process.js";

const timeout = 180_000;
const MUC = "http://jabber.org/protocol/muc";
const room = "garden@rooms.verona.example";
const speakers = ["romeo", "mercutio", "benvolio", "tybalt"];
const away = Array.from({ length: 12 }, (_none, number) => `friar${number}`);

function submission(type: string, fields: Readonly<Record<string, string>>): string {
  const elements = Object.entries({ FORM_TYPE: `${MUC}#${type}`, ...fields }).map(
    ([name, value]) => `<field var='${name}'><value>${value}</value></field>`,
  );
  return `<x xmlns='jabber:x:data' type='submit'>${elements.join("")}</x>`;
}

/** Somebody who has chosen to get what is said while they are away. */
class Member extends Guest {
  /** All copies, of all visits. */
  readonly copies: Heard[] = [];

  /** Comes online and is brought what waits; an answer is sent only behind that, and once it is forgotten. */
  async collects(): Promise<void> {
    this.heard = [];
    this.send("<presence/>");
    await this.asks("get", "<query xmlns='http://jabber.org/protocol/disco#info'/>");
    this.copies.push(...this.heard);
  }

  async chooses(): Promise<void> {
    const fields = { "muc#register_roomnick": this.nick, "{http://tigase.org/protocol/muc}offline": "1" };
    const form = submission("register", fields);
    assert.match(await this.asks("set", `<query xmlns='jabber:iq:register'>${form}</query>`), / type='result'/);
  }
}

class Play {
  readonly household = new Household();
  readonly speakers = speakers.map((user) => new Guest(user, room));
  readonly members = away.map((user) => new Member(user, room));
  server!: ServerProcess;

  static async begin(context: TestContext): Promise<Play> {
    const play = new Play();
    context.after(() => play.household.remove());
    context.after(() => play.server.kill());
    play.household.extend(generous.slice(generous.indexOf("[extensions")));
    await play.household.settle([...speakers, ...away]);
    await play.start();
    return play;
  }

  async start(): Promise<void> {
    this.server = await ServerProcess.start(this.household);
  }

  async kill(): Promise<void> {
    await this.server.kill();
    assert.equal(this.server.complaints, "");
  }

  async logIn(guest: Guest): Promise<void> {
    guest.uses(await this.server.login(guest.nick));
  }

  /** The first of them makes the room, if there is none. */
  async assemble(): Promise<void> {
    for (const speaker of this.speakers) {
      await this.logIn(speaker);
      speaker.send("<presence/>");
      await speaker.enters();
      if (speaker === this.speakers[0] && speaker.entries === 1) await configure(speaker);
    }
  }

  /** Resolves with what was seen by whoever saw most: all others saw the same, or less of it. */
  async talkUntilKilled(lines: number): Promise<readonly Heard[]> {
    const [listener = assert.fail()] = this.speakers;
    const before = listener.heard.length;
    for (const speaker of this.speakers) speaker.says(lines);
    const moment = before + randomInt(1, lines * 2);
    await listener.until(() => listener.heard.length >= moment);
    await this.kill();
    const heard = this.speakers.map((speaker) => speaker.heard).sort((one, other) => other.length - one.length);
    const [seen = assert.fail()] = heard;
    for (const each of heard) assert.deepEqual(each, seen.slice(0, each.length));
    for (const { refused } of this.speakers) assert.deepEqual(refused, []);
    return seen;
  }
}

async function configure(owner: Guest): Promise<void> {
  const form = submission("roomconfig", {
    "muc#maxhistoryfetch": "1000",
    "muc#roomconfig_persistentroom": "1",
    "{http://tigase.org/protocol/muc}roomconfig_offline": "1",
  });
  assert.match(await owner.asks("set", `<query xmlns='${MUC}#owner'>${form}</query>`), / type='result'/);
}

/** Before they enter, and then as they do: what is in the history they have already, under the same ids, and once. */
async function verify(member: Member, seen: readonly Heard[]): Promise<void> {
  await member.collects();
  const copies = new Set(member.copies.map(({ id }) => id));
  assert.equal(copies.size, member.copies.length, `${member.nick} got something twice`);
  assertOrder(member.copies);
  const ids = new Set(seen.map(({ id }) => id));
  assert.deepEqual(
    member.copies.filter(({ id }) => ids.has(id)),
    seen,
    `${member.nick} did not get what was seen`,
  );
  await member.enters();
  await member.asks("get", "<query xmlns='http://jabber.org/protocol/disco#info'/>");
  assert.deepEqual(member.copies, member.heard, `${member.nick} did not get what the history has, or more`);
  assert.deepEqual(member.heard.slice(0, seen.length), seen);
}

test("what anybody has seen before kill -9 has each who is away, once, in order", { timeout }, async (t) => {
  const play = await Play.begin(t);
  await play.assemble();
  for (const member of play.members) {
    await play.logIn(member);
    await member.chooses();
  }
  // what was answered is on disk
  await play.kill();
  for (const lines of [1, 5, 20, 30, 50, 70]) {
    await play.start();
    await play.assemble();
    const seen = await play.talkUntilKilled(lines);
    await play.start();
    for (const member of play.members) {
      await play.logIn(member);
      await verify(member, seen);
    }
    const [member = assert.fail()] = play.members;
    t.diagnostic(`${seen.length} seen, ${member.heard.length} in the history, ${member.copies.length} copies each`);
    await play.kill();
  }
});
