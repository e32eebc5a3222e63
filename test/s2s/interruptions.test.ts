// Connections between servers that break, and servers that are not there for a while: nothing is lost, nothing comes twice.
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import type { RawClient } from "../support/raw-client.js";
import { Cuttable } from "./support/cuttable.js";
import { World, type WorldServer } from "./support/world.js";

const quick = "[servers]\nback_off = '100ms'\nback_off_limit = '1s'\n";

test("a thousand messages arrive once and in order, though the connection is cut again and again", async (t) => {
  const { way, romeo, juliet } = await meet(t);
  const count = 1000;
  for (let number = 1; number <= count; number += 1) {
    romeo.send(`<message to='juliet@verona.example' type='chat' id='n${number}'><body>${number}</body></message>`);
    if (number % 100 === 50) {
      await juliet.receives(`<body>${number - 40}</body>`);
      way.cut();
    }
  }
  await juliet.receives(`<body>${count}</body>`);
  const numbers = [...juliet.heard.matchAll(/<body>(\d+)<\/body>/g)].map(([, number]) => Number(number));
  assert.deepEqual(
    numbers,
    Array.from({ length: count }, (_, index) => index + 1),
  );
  assert.doesNotMatch(romeo.heard, /type='error'/);
});

test("the same the other way, over the stream that the other side has opened", async (t) => {
  const { way, romeo, juliet } = await meet(t);
  const count = 1000;
  romeo.send("<message to='juliet@verona.example' type='chat'><body>Speak again, bright angel</body></message>");
  await juliet.receives("bright angel");
  for (let number = 1; number <= count; number += 1) {
    juliet.send(`<message to='romeo@mantua.example' type='chat' id='n${number}'><body>${number}</body></message>`);
    if (number % 100 === 50) {
      await romeo.receives(`<body>${number - 40}</body>`);
      way.cut();
    }
  }
  await romeo.receives(`<body>${count}</body>`);
  const numbers = [...romeo.heard.matchAll(/<body>(\d+)<\/body>/g)].map(([, number]) => Number(number));
  assert.deepEqual(
    numbers,
    Array.from({ length: count }, (_, index) => index + 1),
  );
  assert.doesNotMatch(juliet.heard, /type='error'/);
});

test("messages wait for a server that is not there yet", async (t) => {
  const { verona, romeo } = await meet(t);
  await verona.stop();
  for (const number of [1, 2, 3]) {
    romeo.send(`<message to='juliet@verona.example' type='chat'><body>${number}</body></message>`);
  }
  await romeo.makesRoundTrip();
  await verona.start();
  const juliet = await verona.enter("juliet");
  for (const number of [1, 2, 3]) await juliet.receives(`<body>${number}</body>`);
  assert.doesNotMatch(romeo.heard, /type='error'/);
});

interface Cast {
  readonly verona: WorldServer;
  readonly way: Cuttable;
  readonly juliet: RawClient;
  readonly romeo: RawClient;
}

/** Mantua reaches Verona through a way that can be cut; Verona reaches Mantua by the stream that Mantua has opened. */
async function meet(t: TestContext): Promise<Cast> {
  const world = await World.begin(t);
  const verona = await world.server("verona.example", { config: quick });
  const way = await Cuttable.before(t, () => (verona.isRunning ? verona.port("s2s") : undefined));
  const peer = `[peers."verona.example"]\ntargets = ["127.0.0.1:${way.port}"]\n`;
  const mantua = await world.server("mantua.example", { config: quick + peer });
  return { verona, way, juliet: await verona.enter("juliet"), romeo: await mantua.enter("romeo") };
}
