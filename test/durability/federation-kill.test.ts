// Either of two servers is killed at any moment: a letter arrives once, or comes back, or its own server had it last.
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { RawClient } from "../support/raw-client.js";
import { countAt, Letters } from "./letters.js";
import { Road } from "./road.js";
import { type City, type Journey, twoServers } from "./two-servers.js";

const count = 10_000;
const timeout = 180_000;

/** Written before the sign is given to kill the server; as many as may be on their way are written behind it. */
const parts = [500, 3000, 1000];
const behind = 1500;

/** The option `unacknowledged`. */
const mostOnTheirWay = 2000;

interface Scene {
  readonly sender: City;
  readonly receiver: City;
  /** Users: who writes, to whom, and somebody at the other server who sees how far things have come. */
  readonly writer: string;
  readonly addressee: string;
  readonly watchman: string;
  /** When the receiving server is there again. */
  readonly restarted?: (watchman: RawClient) => Promise<void>;
}

/**
 * Kills the receiving server three times in the middle of 10 000 letters. The addressee comes at the end: what has been
 * acknowledged before is on disk and comes then, whereas nobody promises what was sent to a client.
 */
async function killReceiver(t: TestContext, scene: Scene): Promise<void> {
  const { sender, receiver } = scene;
  const writer = await sender.enter(scene.writer);
  const letters = new Letters(`${scene.addressee}@${receiver.domain}`);
  countAt(writer, letters);
  for (const [round, part] of parts.entries()) {
    const watchman = await receiver.enter(scene.watchman);
    await scene.restarted?.(watchman);
    letters.write(writer, part);
    writer.send(`<message to='${watchman.jid}' type='chat'><body>Now ${round}</body></message>`);
    letters.write(writer, behind);
    await watchman.receives(`<body>Now ${round}</body>`);
    await receiver.kill();
    await receiver.start();
  }
  await scene.restarted?.(await receiver.enter(scene.watchman));
  letters.write(writer, count - letters.written);
  countAt(await receiver.enter(scene.addressee), letters);
  await letters.settled();
  check(t, letters);
  assert.deepEqual([sender.complaints, receiver.complaints], ["", ""]);
}

function check(t: TestContext, letters: Letters): void {
  const { arrived, returned, both } = letters;
  t.diagnostic(`${arrived.length} arrived, ${returned.length} came back, of those ${both.length} had arrived`);
  letters.assertOrder();
  for (const [, words] of returned) assert.match(words, /remote-server-timeout.*fate-unknown/s);
  assert.ok(returned.length <= parts.length * mostOnTheirWay, "more came back than can have been on their way");
}

async function fromVeronaToMantua(t: TestContext, journey: Journey): Promise<void> {
  const { verona, mantua } = await twoServers(t, journey);
  await Promise.all([verona.start(), mantua.start()]);
  const users = { writer: "juliet", addressee: "romeo", watchman: "balthasar" };
  await killReceiver(t, { sender: verona, receiver: mantua, ...users });
}

test("by certificate: the receiving server is killed, and a letter arrives once or comes back", { timeout }, (t) =>
  fromVeronaToMantua(t, {}),
);

test("by dialback: the receiving server is killed, and a letter arrives once or comes back", { timeout }, (t) =>
  fromVeronaToMantua(t, { byDialback: true }),
);

test("so it is over a stream that the receiving server opens (XEP-0288)", { timeout }, async (t) => {
  const toVerona = await Road.build(t);
  const { verona, mantua } = await twoServers(t, { toVerona });
  toVerona.close();
  await Promise.all([verona.start(), mantua.start()]);
  const greetings = new Letters("balthasar@mantua.example");
  countAt(await mantua.enter("balthasar"), greetings);
  // Mantua's server can't reach Verona's by itself, so this opens the stream.
  const restarted = async (nurse: RawClient): Promise<void> => {
    greetings.write(nurse, 1);
    await greetings.until(() => greetings.arrived.length === greetings.written);
  };
  const users = { writer: "romeo", addressee: "juliet", watchman: "nurse" };
  await killReceiver(t, { sender: mantua, receiver: verona, ...users, restarted });
});

test("nor does it take that server to open one again", { timeout }, async (t) => {
  const { verona, mantua } = await twoServers(t, { limits: 'resume_time = "2s"' });
  await Promise.all([verona.start(), mantua.start()]);
  const balthasar = await mantua.enter("balthasar");
  const nurse = await verona.enter("nurse");
  nurse.send(`<message to='${balthasar.jid}' type='chat'><body>I am sent to find those persons</body></message>`);
  await balthasar.receives("<body>I am sent to find those persons</body>");
  const users = { writer: "romeo", addressee: "juliet", watchman: "nurse" };
  await killReceiver(t, { sender: mantua, receiver: verona, ...users });
});

test(
  "the sending server is killed, and what arrived or came back is a beginning without gaps",
  { timeout },
  async (t) => {
    const { verona, mantua } = await twoServers(t);
    await Promise.all([verona.start(), mantua.start()]);
    const letters = new Letters("romeo@mantua.example");
    const news = new Letters("juliet@verona.example");
    countAt(await mantua.enter("romeo"), letters);
    for (const some of [300, 4000, 1500]) {
      const [first, before] = [letters.written, letters.arrived.length];
      letters.write(await verona.login("juliet"), 5000);
      await letters.until(() => letters.arrived.length >= before + some);
      await verona.kill();
      await verona.start();
      // What comes now has been sent by the new process: of the former's, nothing will come any more.
      const nurse = await verona.login("nurse");
      letters.write(nurse, 1);
      await letters.until(() => letters.arrived.at(-1) === letters.written - 1);
      letters.arrived.pop();
      // What was on its way from the disk has come back, and waits for Juliet; the news waits behind it.
      countAt(await verona.enter("juliet"), letters, news);
      news.write(nurse, 1);
      await news.settled();
      const known = letters.known.filter((number) => number >= first);
      t.diagnostic(`${letters.arrived.length - before} of 5000 arrived, something is known of ${known.length}`);
      assert.deepEqual(
        known,
        known.map((_, index) => first + index),
      );
      letters.assertOrder();
    }
    assert.deepEqual([verona.complaints, mantua.complaints], ["", ""]);
  },
);
