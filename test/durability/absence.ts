// A room with people who talk in it until the server is killed, and members who want what they miss in their accounts.
import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import type { TestContext } from "node:test";
import { generous } from "./company.js";
import { Guest, type Heard } from "./guest.js";
import { host, Household, ServerProcess } from "./server-process.js";

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
export class Member extends Guest {
  /** All copies, of all visits. */
  readonly copies: Heard[] = [];

  /** Whether they have gone since they came online last. */
  hasGone = false;
  #visit = 0;

  /** Is there until so much has been heard. All that was sent before comes before the answer. */
  async goesAfter(lines: number): Promise<void> {
    this.heard = [];
    this.hasGone = false;
    const visit = (this.#visit += 1);
    await this.until(() => this.#visit > visit || this.heard.length >= lines);
    if (this.#visit > visit) return; // the server was killed before
    this.send("<presence type='unavailable'/>");
    await this.asks("get", "<ping xmlns='urn:xmpp:ping'/>", host);
    this.copies.push(...this.heard);
    this.hasGone = true;
  }

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

export class Play {
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

  /** Everybody who wants what is said while they are away says so; what was answered is on disk then. */
  async choose(): Promise<void> {
    for (const member of this.members) {
      await this.logIn(member);
      await member.chooses();
    }
    await this.kill();
  }

  /** Resolves with what was seen by whoever saw most. */
  async talkUntilKilled(lines: number): Promise<readonly Heard[]> {
    const [listener = assert.fail()] = this.speakers;
    const before = listener.heard.length;
    for (const speaker of this.speakers) speaker.says(lines);
    const moment = before + randomInt(1, lines * 2);
    await listener.until(() => listener.heard.length >= moment);
    return this.killAmidTalk();
  }

  /** One line after the other, until so many members have gone. Resolves likewise. */
  async talkWhileTheyGo(most: number): Promise<readonly Heard[]> {
    const [listener = assert.fail()] = this.speakers;
    const isTime = (): boolean => this.members.filter(({ hasGone }) => hasGone).length >= most;
    while (!isTime()) {
      const next = listener.heard.length + this.speakers.length;
      for (const speaker of this.speakers) speaker.says(1);
      await listener.until(() => isTime() || listener.heard.length >= next);
    }
    return this.killAmidTalk();
  }

  /** All saw the same, or less of it. */
  async killAmidTalk(): Promise<readonly Heard[]> {
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
