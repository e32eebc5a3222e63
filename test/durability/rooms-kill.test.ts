// The server is killed while people talk in a persistent room: whatever anybody has seen is in the history after it.
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { assertOrder, generous } from "./company.js";
import { Guest, type Heard } from "./guest.js";
import { Household, ServerProcess } from "./server-process.js";

const timeout = 120_000;
const MUC = "http://jabber.org/protocol/muc";
const users = ["juliet", "romeo", "mercutio", "benvolio", "nurse"];

/** A room that is the same one after the server has been killed. */
class Play {
  readonly household = new Household();
  readonly guests = users.map((user) => new Guest(user, "garden@rooms.verona.example"));
  server!: ServerProcess;
  /** What the owner was told is done: affiliations, the name, the subject. */
  readonly members: string[] = [];
  name = "";
  subject = "";

  static async begin(context: TestContext): Promise<Play> {
    const play = new Play();
    context.after(() => play.household.remove());
    context.after(() => play.server.kill());
    play.household.extend(
      generous.slice(generous.indexOf("[extensions")).replace("history = 1000", "history = 1000\n"),
    );
    await play.household.settle(users);
    return play;
  }

  get owner(): Guest {
    return this.guests[0] ?? assert.fail();
  }

  async open(): Promise<void> {
    this.server = await ServerProcess.start(this.household);
    for (const guest of this.guests) {
      const client = await this.server.login(guest.nick);
      await client.becomesAvailable();
      guest.uses(client);
      await guest.enters();
      if (guest === this.owner && guest.entries === 1) await this.configures("persistentroom", "1");
    }
    await this.owner.until(() => this.owner.present.size === this.guests.length);
  }

  async configures(field: string, value: string): Promise<void> {
    const fields = {
      FORM_TYPE: `${MUC}#roomconfig`,
      "muc#maxhistoryfetch": "1000",
      [`muc#roomconfig_${field}`]: value,
    };
    const elements = Object.entries(fields).map(
      ([name, each]) => `<field var='${name}'><value>${each}</value></field>`,
    );
    const form = `<x xmlns='jabber:x:data' type='submit'>${elements.join("")}</x>`;
    assert.match(await this.owner.asks("set", `<query xmlns='${MUC}#owner'>${form}</query>`), / type='result'/);
  }

  async grants(user: string): Promise<void> {
    const item = `<item jid='${user}@mantua.example' affiliation='member'/>`;
    assert.match(await this.owner.asks("set", `<query xmlns='${MUC}#admin'>${item}</query>`), / type='result'/);
    this.members.push(user);
  }

  /** Changes this and that, one after the other, for as long as the server is there. */
  async governs(round: number): Promise<void> {
    for (let count = 0; ; count += 1) {
      await this.grants(`guest-${round}-${count}`);
      const name = `Garden ${round} ${count}`;
      await this.configures("roomname", name);
      this.name = name;
      const subject = `Night ${round} ${count}`;
      this.owner.send(`<message type='groupchat' to='${this.owner.room}'><subject>${subject}</subject></message>`);
      await this.owner.until(() => this.owner.subject === subject);
      this.subject = subject;
    }
  }

  /** What was acknowledged is there; of what was under way, one may be. */
  async verifyRule(): Promise<void> {
    const list = await this.owner.asks("get", `<query xmlns='${MUC}#admin'><item affiliation='member'/></query>`);
    for (const member of this.members) assert.ok(list.includes(`"${member}@mantua.example"`), `${member}: ${list}`);
    const info = await this.owner.asks("get", "<query xmlns='http://jabber.org/protocol/disco#info'/>");
    assert.ok(isNotOlder(/<identity[^>]* name="([^"]*)"/.exec(info)?.[1], this.name), `${this.name}: ${info}`);
    assert.ok(isNotOlder(this.owner.subject, this.subject), `${this.subject}: ${this.owner.subject}`);
  }
}

/** "Garden 2 17" or one later. */
function isNotOlder(found = "", promised: string): boolean {
  const rank = (text: string) =>
    text
      .split(" ")
      .slice(1)
      .reduce((sum, part) => sum * 100_000 + Number(part), 0);
  return rank(found) >= rank(promised);
}

test("whatever anybody has seen in a room before kill -9 is there, once, in order", { timeout }, async (t) => {
  const play = await Play.begin(t);
  let seen: readonly Heard[] = [];
  for (const [round, most] of [1, 20, 60, 100].entries()) {
    await play.open();
    play.governs(round).catch(assert.ifError);
    const before = play.owner.heard.length;
    for (const guest of play.guests.slice(1)) guest.says(most);
    const members = play.members.length;
    await play.owner.until(() => play.owner.heard.length >= before + most && play.members.length > members);
    await play.server.kill();
    assert.equal(play.server.complaints, "");
    // Whoever heard most heard what all the others heard, and more.
    const heard = play.guests.map((guest) => guest.heard).sort((one, other) => other.length - one.length);
    seen = heard[0] ?? [];
    for (const each of heard) assert.deepEqual(each, seen.slice(0, each.length));
    await play.open();
    await play.verifyRule();
    for (const guest of play.guests) {
      assert.deepEqual(guest.heard.slice(0, seen.length), seen);
      assertOrder(guest.heard);
      assert.equal(new Set(guest.heard.map(({ id }) => id)).size, guest.heard.length);
    }
    t.diagnostic(`${seen.length} seen, ${play.owner.heard.length} kept, ${play.members.length} members`);
    await play.server.kill();
  }
  assert.ok(seen.length > 300 && play.members.length >= 4);
});
