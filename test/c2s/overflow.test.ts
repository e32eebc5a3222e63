// A client that does not read: it costs nobody else anything, and nothing is lost.
import assert from "node:assert/strict";
import { test } from "node:test";
import { playServer } from "../support/play-server.js";

const config = "[clients]\noutbox_size = '64 KiB'";
const letter = "O ".repeat(20_000);

function written(id: string): string {
  return `<message to='juliet@verona.example' id='${id}'><body>${letter}</body></message>`;
}

test("a session that overflows is closed; the others of its account miss nothing", async (t) => {
  const stage = await playServer(t, { config });
  const romeo = await stage.login("romeo");
  const balcony = await stage.enter("juliet", "balcony");
  const chamber = await stage.enter("juliet", "chamber");
  await stage.settle();
  await balcony.next();
  await chamber.next();
  balcony.transport.clientStopsReading();
  for (const id of "1234") {
    romeo.send(written(id));
    await romeo.makesRoundTrip();
  }
  await balcony.ends();
  const received: string[] = [];
  while (received.length < 5) received.push(String((await chamber.next()).attrs["id"]));
  assert.deepEqual(received.sort(), ["1", "2", "3", "4", "undefined"], "four messages and that the balcony is empty");
  await stage.receiveNothing(chamber, romeo);
});

test("what waits for the only session is kept, in order, when it overflows", async (t) => {
  const stage = await playServer(t, { config });
  const romeo = await stage.login("romeo");
  const juliet = await stage.enter("juliet", "balcony");
  juliet.transport.clientStopsReading();
  romeo.send(written("1"));
  await romeo.makesRoundTrip(); // it is with the kernel, so it counts as sent (RFC 6120 has no more to offer)
  romeo.send(written("2"), written("3"), written("4"));
  await juliet.ends();
  await stage.settle();
  const again = await stage.enter("juliet", "balcony");
  for (const id of "234") assert.equal((await again.next()).attrs["id"], id);
  await stage.receiveNothing(again, romeo);
});
