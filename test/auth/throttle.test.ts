// Throttling of failed logins, played out: who has to wait, who is refused, and who must not notice anything.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import type { Verdict } from "../../src/auth/backend.js";
import { LoginThrottle } from "../../src/auth/throttle.js";
import { DEFAULT_THROTTLE_LIMITS, type ThrottleLimits } from "../../src/auth/throttle-limits.js";
import {
  channel,
  juliet,
  logInByPlain,
  logInByScram,
  raiseCurtain,
  romeo,
  StageClock,
  VERONA,
  wordFor,
} from "./stage.js";

const HOME = "198.51.100.20";
const MANTUA = "203.0.113.5";
const MINUTE = 60_000;

/** A throttle on stage: each attempt takes no time but the waiting. */
class Scene {
  readonly clock = new StageClock();
  readonly throttle: LoginThrottle;

  constructor(limits: Partial<ThrottleLimits> = {}, isShared?: (address: string) => boolean) {
    const all = { ...DEFAULT_THROTTLE_LIMITS, ...limits };
    this.throttle = new LoginThrottle({ clock: this.clock, limits: all, ...(isShared ? { isShared } : {}) });
  }

  /** "refused after 2 s", "accepted", "throttled". */
  async attempt(user: string, address: string, verdict: Verdict): Promise<string> {
    const before = this.clock.time;
    const outcome = await this.throttle.attempt({ host: VERONA, user }, address, async () => verdict);
    const waited = this.clock.time - before;
    return waited === 0 ? outcome : `${outcome} after ${waited / 1000} s`;
  }

  /** Wrong passwords, one after the other; how many of them were heard. */
  async guess(times: number, user: (index: number) => string, address: (index: number) => string): Promise<number> {
    let heard = 0;
    for (let index = 0; index < times; index += 1) {
      const outcome = await this.attempt(user(index), address(index), "refused");
      heard += outcome === "throttled" ? 0 : 1;
    }
    return heard;
  }
}

const always = (text: string) => () => text;

describe("Romeo forgets his password", () => {
  test("five mistakes cost nothing, each further one makes him wait longer, at twenty he is refused", async () => {
    const scene = new Scene();
    const slow = { ...DEFAULT_THROTTLE_LIMITS.pair, forgiveEvery: Infinity };
    const unforgiving = new Scene({ pair: slow });
    assert.equal(await scene.guess(5, always("romeo"), always(HOME)), 5);
    assert.deepEqual(scene.clock.slept, []);
    await unforgiving.guess(30, always("romeo"), always(HOME));
    const waits = unforgiving.clock.slept.map((time) => time / 1000);
    assert.deepEqual(waits, [1, 2, 4, 8, ...Array.from({ length: 11 }, () => 16)]);
    assert.equal(await unforgiving.attempt("romeo", HOME, "accepted"), "throttled");
  });

  test("he remembers it in time and is in without delay", async () => {
    const scene = new Scene();
    await scene.guess(4, always("romeo"), always(HOME));
    assert.equal(await scene.attempt("romeo", HOME, "accepted"), "accepted");
  });

  test("refused, he is heard again a minute later", async () => {
    const scene = new Scene();
    await scene.guess(60, always("romeo"), always(HOME));
    assert.equal(await scene.attempt("romeo", HOME, "accepted"), "throttled");
    scene.clock.time += MINUTE;
    assert.equal(await scene.attempt("romeo", HOME, "accepted"), "accepted");
  });

  test("refusals are not counted: a client that goes on trying prolongs nothing", async () => {
    const scene = new Scene();
    await scene.guess(1000, always("romeo"), always(HOME));
    scene.clock.time += MINUTE;
    assert.equal(await scene.attempt("romeo", HOME, "accepted"), "accepted");
  });

  test("after half an hour all is forgotten", async () => {
    const scene = new Scene();
    await scene.guess(60, always("romeo"), always(HOME));
    scene.clock.time += 30 * MINUTE;
    const slept = scene.clock.slept.length;
    await scene.guess(5, always("romeo"), always(HOME));
    assert.equal(scene.clock.slept.length, slept);
  });
});

describe("Tybalt guesses Romeo's password from Mantua, for a whole day", () => {
  const play = async () => {
    const scene = new Scene();
    let heard = 0;
    for (let minute = 0; minute < 24 * 60; minute += 1) {
      heard += await scene.guess(5, always("romeo"), (index) => `203.0.113.${index}`);
      scene.clock.time = Math.max(scene.clock.time, minute * MINUTE);
    }
    return { scene, heard };
  };

  test("he is heard little more than once a minute", async () => {
    const { heard } = await play();
    assert.ok(heard <= 20 + 24 * 60 + 20, `${heard} guesses`);
  });

  test("Romeo logs in from home, where he never was before, without delay", async () => {
    const { scene } = await play();
    assert.equal(await scene.attempt("romeo", HOME, "accepted"), "accepted");
  });

  test("Tybalt's neighbours in Mantua log in without delay", async () => {
    const { scene } = await play();
    assert.equal(await scene.attempt("balthasar", "203.0.113.99", "accepted"), "accepted");
  });
});

describe("All Capulets guess Romeo's password, from a thousand networks", () => {
  const play = async () => {
    const scene = new Scene();
    await scene.attempt("romeo", HOME, "accepted");
    const heard = await scene.guess(3000, always("romeo"), (index) => `10.${(index >> 8) & 255}.${index & 255}.1`);
    return { scene, heard };
  };

  test("most of them are not heard", async () => {
    const { scene, heard } = await play();
    const most = 300 + scene.clock.time / DEFAULT_THROTTLE_LIMITS.account.forgiveEvery;
    assert.ok(heard <= most + 1, `${heard} guesses in ${scene.clock.time} ms`);
  });

  test("Romeo in a place where he never was before has to queue, but gets his turn", async () => {
    const { scene } = await play();
    assert.equal(await scene.attempt("romeo", "192.0.2.1", "accepted"), "accepted after 10 s");
  });

  test("Romeo at home is judged by his own budget alone", async () => {
    const { scene } = await play();
    assert.equal(await scene.attempt("romeo", "198.51.100.77", "accepted"), "accepted");
  });

  test("Juliet is not their concern", async () => {
    const { scene } = await play();
    assert.equal(await scene.attempt("juliet", "10.0.1.1", "accepted"), "accepted");
  });
});

describe("Somebody tries one password on all of Verona, from the network where Juliet lives", () => {
  const play = async () => {
    const scene = new Scene();
    await scene.attempt("juliet", HOME, "accepted");
    const heard = await scene.guess(2000, (index) => `citizen${index}`, always(HOME));
    return { scene, heard };
  };

  test("most of it is not heard", async () => {
    const { scene, heard } = await play();
    assert.ok(heard <= 300 + scene.clock.time / DEFAULT_THROTTLE_LIMITS.network.forgiveEvery + 1, `${heard} guesses`);
  });

  test("Juliet, who has logged in there before, notices nothing", async () => {
    const { scene } = await play();
    assert.equal(await scene.attempt("juliet", HOME, "accepted"), "accepted");
  });

  test("the nurse, who has not, has to queue, but gets her turn", async () => {
    const { scene } = await play();
    assert.equal(await scene.attempt("nurse", HOME, "accepted"), "accepted after 5 s");
  });

  test("all at once it is a single burst; after it the nurse is refused until the first is forgiven", async () => {
    const scene = new Scene();
    await Promise.all(Array.from({ length: 500 }, (_, index) => scene.attempt(`citizen${index}`, HOME, "refused")));
    assert.equal(await scene.guess(500, (index) => `citizen${index}`, always(HOME)), 0);
    assert.equal(await scene.attempt("nurse", HOME, "accepted"), "throttled");
    scene.clock.time += DEFAULT_THROTTLE_LIMITS.network.forgiveEvery;
    assert.equal(await scene.attempt("nurse", HOME, "accepted"), "accepted");
  });
});

describe("Everybody comes through one proxy", () => {
  for (const address of ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1", "192.0.2.80"]) {
    test(`${address}: a flood of wrong passwords is no reason to refuse others`, async () => {
      const scene = new Scene({}, (candidate) => candidate === "192.0.2.80");
      await scene.guess(1000, (index) => `citizen${index}`, always(address));
      assert.deepEqual(scene.clock.slept, []);
      assert.equal(await scene.attempt("juliet", address, "accepted"), "accepted");
    });
  }

  test("whose password is guessed is only slowed down, to one attempt a second", async () => {
    const scene = new Scene();
    assert.equal(await scene.guess(500, always("romeo"), always("127.0.0.1")), 500);
    assert.equal(Math.max(...scene.clock.slept), 1000);
    assert.equal(await scene.attempt("romeo", "127.0.0.1", "accepted"), "accepted after 1 s");
    assert.equal(await scene.attempt("romeo", HOME, "accepted"), "accepted");
  });
});

describe("What is not counted", () => {
  test("storage that fails", async () => {
    const scene = new Scene();
    for (let index = 0; index < 100; index += 1) {
      const fails = scene.throttle.attempt(romeo, HOME, () => Promise.reject(new Error("no disk")));
      await assert.rejects(fails, /no disk/);
    }
    assert.equal(await scene.attempt("romeo", HOME, "accepted"), "accepted");
  });

  for (const verdict of ["accepted", "disabled"] as const) {
    test(`a right password: ${verdict}`, async () => {
      const scene = new Scene();
      for (let index = 0; index < 1000; index += 1) assert.equal(await scene.attempt("romeo", HOME, verdict), verdict);
    });
  }

  test("a proof of another's own account forgives no guesses at Romeo's", async () => {
    const scene = new Scene();
    await scene.guess(60, always("romeo"), always(MANTUA));
    await scene.attempt("tybalt", MANTUA, "accepted");
    assert.equal(await scene.attempt("romeo", MANTUA, "refused"), "throttled");
  });
});

test("A thousand attempts at once: five are heard, a few wait, the others are refused", async () => {
  const clock = { now: () => 0, sleep: () => new Promise<void>(() => undefined) };
  const throttle = new LoginThrottle({ clock });
  let [heard, refused] = [0, 0];
  const tries = Array.from({ length: 1000 }, async () => {
    const outcome = await throttle.attempt(romeo, MANTUA, () => {
      heard += 1;
      return new Promise<Verdict>(() => undefined);
    });
    refused += outcome === "throttled" ? 1 : 0;
  });
  await Promise.race([Promise.all(tries), new Promise((resolve) => setImmediate(resolve))]);
  assert.deepEqual([heard, refused], [5, 1000 - 5 - 4]);
});

describe("Memory", () => {
  test("a flood of names and addresses does not grow it", async () => {
    const scene = new Scene({ entries: 100 });
    const address = (index: number) => `10.${(index >> 8) & 255}.${index & 255}.1`;
    await scene.guess(2000, (index) => `citizen${index}`, address);
    assert.ok(scene.throttle.size <= 300, `${scene.throttle.size} entries`);
  });

  test("nor does it make the throttle forget where Juliet is at home", async () => {
    const scene = new Scene({ entries: 100 });
    await scene.attempt("juliet", HOME, "accepted");
    await scene.guess(2000, (index) => `citizen${index}`, always(HOME));
    assert.equal(await scene.attempt("juliet", HOME, "accepted"), "accepted");
  });

  test("right logins leave nothing but where they came from", async () => {
    const scene = new Scene();
    for (let index = 0; index < 50; index += 1) await scene.attempt("romeo", `10.0.${index}.1`, "accepted");
    assert.equal(scene.throttle.size, 1);
  });
});

test("However guesses at one account are spread over time, one network gets at most twenty and one a minute", async () => {
  const pauses = fc.array(fc.integer({ min: 0, max: 5 * MINUTE }), { minLength: 1, maxLength: 200 });
  const play = fc.asyncProperty(pauses, fc.nat({ max: 3 }), async (gaps, eagerness) => {
    const scene = new Scene();
    let heard = 0;
    for (const gap of gaps) {
      heard += await scene.guess(1 + eagerness, always("romeo"), always(MANTUA));
      scene.clock.time += gap;
    }
    assert.ok(heard <= 20 + scene.clock.time / MINUTE + 1, `${heard} guesses in ${scene.clock.time} ms`);
  });
  await fc.assert(play, { numRuns: 50 });
});

test("The figures keep what the policy promises", () => {
  const { pair, account, network } = DEFAULT_THROTTLE_LIMITS;
  assert.ok(pair.refuseAt < account.free, "one network can't use up an account's free failures");
  assert.ok(account.forgiveEvery < pair.forgiveEvery, "nor in the long run");
  assert.ok(pair.refuseAt < network.free, "guessing at one account can't use up a network's free failures");
  assert.ok(network.forgiveEvery < pair.forgiveEvery, "nor in the long run");
});

describe("As clients see it", () => {
  test("the right password is refused unheard once there were too many wrong ones, but not from elsewhere", async () => {
    const { accounts, verona } = raiseCurtain();
    await accounts.create(romeo, "wherefore");
    const guess = { user: "romeo", password: "rosaline", hash: "sha256" } as const;
    const right = { ...guess, password: "wherefore" };
    const words = new Set<string>();
    for (let index = 0; index < 60; index += 1) words.add(wordFor(await logInByScram(verona, guess)));
    assert.deepEqual([...words], ["not-authorized", "temporary-auth-failure"]);
    assert.equal(wordFor(await logInByScram(verona, right)), "temporary-auth-failure");
    assert.equal(wordFor(await logInByPlain(verona, "romeo", "wherefore")), "temporary-auth-failure");
    assert.equal(wordFor(await logInByScram(verona, right, channel({ remoteAddress: HOME }))), "success");
  });

  test("accounts that don't exist are throttled like those that do", async () => {
    const transcript = async (user: string) => {
      const { accounts, verona, clock } = raiseCurtain();
      await accounts.create(juliet, "wherefore");
      const words: string[] = [];
      for (let index = 0; index < 40; index += 1) words.push(wordFor(await logInByPlain(verona, user, "rosaline")));
      return { words, slept: clock.slept };
    };
    assert.deepEqual(await transcript("mab"), await transcript("juliet"));
  });
});
