// Killed while somebody reads what has waited: what was not sent waits still, in order, and nothing is lost.
import assert from "node:assert/strict";
import { test } from "node:test";
import { host, Household, ServerProcess } from "./server-process.js";

const key = { host, user: "laurence" };
const quota = { messages: 10_000, bytes: 100_000_000 };
const count = 3000;

function numbersIn(text: string): readonly number[] {
  return [...text.matchAll(/<body>(\d+)<\/body>/g)].map(([, number]) => Number(number));
}

function range(first: number, end: number): readonly number[] {
  return Array.from({ length: end - first }, (_, index) => first + index);
}

test("a letter is taken out of storage when it has been sent, and no sooner", async (context) => {
  const household = new Household();
  context.after(() => household.remove());
  await household.settle([key.user]);
  await household.withStorage(async ({ offline }) => {
    const letter = (number: number): string =>
      `<message xmlns='jabber:client' from='nurse@${host}/x' to='laurence@${host}'><body>${number}</body></message>`;
    await Promise.all(range(0, count).map((number) => offline.append(key, letter(number), 0, quota)));
  });
  let first = 0;
  for (const [round, last] of [1, 1500, count - 1].entries()) {
    const server = await ServerProcess.start(household);
    context.after(() => server.kill());
    const laurence = await server.login(key.user);
    laurence.send("<presence/>");
    await laurence.receives(`<body>${last}</body>`);
    if (last === count - 1) await laurence.makesRoundTrip();
    await server.kill();
    await laurence.ends();
    const read = numbersIn(laurence.heard);
    assert.deepEqual(read, range(first, first + read.length), `round ${round}`);
    const stored = await household.withStorage(({ offline }) => offline.read(key, 0, count));
    const left = numbersIn(stored.map(({ stanza }) => stanza).join(""));
    first = count - left.length;
    assert.deepEqual(left, range(first, count));
    assert.ok(first <= (read.at(-1) ?? -1) + 1, `${first} are gone, ${read.at(-1)} was the last that was read`);
  }
});
