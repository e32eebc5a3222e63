// A thousand wrong passwords: the guesser is slowed down and then refused unheard, the owner elsewhere gets in.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type RawClient } from "../support/raw-client.js";
import { FakeClock } from "../support/fake-clock.js";
import { passwordOf, rawStage } from "../support/raw-stage.js";

const clock = new FakeClock();
// Time stands still while they guess, and whoever has to wait is heard in his turn without our waiting for it.
const loginClock = { now: clock.now, sleep: () => Promise.resolve() };
const stage = rawStage({ loginClock, config: `[web]\ntrusted_proxies = ["127.0.0.1"]\n` });
const minute = 60_000;

function from(address: string): Promise<RawClient> {
  return stage.connect("webSocket", { "X-Forwarded-For": address });
}

/** Six wrong passwords, as many as a stream allows; resolves with the answers. */
async function guesses(address: string, user: string): Promise<readonly string[]> {
  const tybalt = await from(address);
  await tybalt.opens();
  for (let tries = 0; tries < 6; tries += 1) tybalt.sendsPlain(user, `guess-${tries}-keeps-this-secret`);
  await tybalt.ends();
  return [...tybalt.heard.matchAll(/<failure [^>]*><([a-z-]+)\/>/g)].map(([, condition = ""]) => condition);
}

/** 252 wrong passwords a round. */
async function guessing(
  rounds: number,
  addressOf: (index: number) => string,
  user: string,
): Promise<readonly string[]> {
  const answers: string[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const crowd = Array.from({ length: 42 }, (_, index) => guesses(addressOf(round * 42 + index), user));
    answers.push(...(await Promise.all(crowd)).flat());
  }
  return answers;
}

async function getsIn(address: string, user: string): Promise<void> {
  const client = await from(address);
  await client.opens();
  client.sendsPlain(user, passwordOf(user));
  await client.receives("<success");
}

function count(answers: readonly string[], condition: string): number {
  return answers.filter((answer) => answer === condition).length;
}

test("from one network: twenty are heard, the others not; the owner elsewhere gets in at once", async () => {
  await stage.account("juliet");
  const answers = await guessing(4, (index) => `203.0.113.${index % 250}`, "juliet");
  assert.equal(answers.length, 1008);
  assert.equal(count(answers, "not-authorized") + count(answers, "temporary-auth-failure"), 1008);
  assert.ok(count(answers, "not-authorized") <= 20, `${count(answers, "not-authorized")} were heard`);
  await getsIn("198.51.100.7", "juliet");
  await stage.nobodyElseNotices();
});

test("neighbours of the guesser get in as well, with a right password", async () => {
  await stage.account("mercutio");
  await getsIn("203.0.113.7", "mercutio");
});

test("the right password is refused where the guessing was, until failures have been forgiven", async () => {
  const juliet = await from("203.0.113.9");
  await juliet.opens();
  juliet.sendsPlain("juliet", passwordOf("juliet"));
  await juliet.receives("<temporary-auth-failure/>");
  clock.advance(21 * minute);
  await getsIn("203.0.113.9", "juliet");
});

test("from many networks: the owner is still let in where she has been before", async () => {
  clock.advance(600 * minute);
  await getsIn("198.51.100.7", "juliet");
  const answers = await guessing(1, (index) => `10.${index % 200}.1.1`, "juliet");
  assert.equal(answers.length, 252);
  await getsIn("198.51.100.7", "juliet");
  await stage.nobodyElseNotices();
});

test("for a name that nobody has, the answers are the same", async () => {
  const answers = await guessing(1, (index) => `192.0.2.${index % 250}`, "rosaline");
  assert.ok(count(answers, "not-authorized") <= 20);
  assert.equal(count(answers, "not-authorized") + count(answers, "temporary-auth-failure"), answers.length);
});
