// Another server sends more than may wait for an account that is being read: it is read no faster than it can be kept.
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { World } from "./support/world.js";

const count = 4000;

test("letters that come in a flood for somebody who is not there are all kept, in order", async (t) => {
  const world = await World.begin(t);
  const verona = await world.server("verona.example", { config: "[accounts]\noffline_messages = 10_000\n" });
  const mantua = await world.server("mantua.example", { config: verona.asPeer() });
  await verona.server.authentication.accounts.create({ host: verona.domain, user: "juliet" }, "juliet");
  const { accounts, offline } = verona.server.storage;
  const load = accounts.load.bind(accounts);
  const slowly = mock.method(accounts, "load", async (...parameters: Parameters<typeof load>) => {
    for (let turn = 0; turn < 300; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    return load(...parameters);
  });
  const romeo = await mantua.enter("romeo");
  const letter = (number: number): string =>
    `<message to='juliet@verona.example' type='chat'><body>${number}</body></message>`;
  romeo.send(Array.from({ length: count }, (_, number) => letter(number)).join(""));
  // The answer comes when everything before it has been handled.
  await romeo.asks("get", "<query xmlns='jabber:iq:last'/>", "juliet@verona.example");
  slowly.mock.restore();
  const kept = await offline.read({ host: verona.domain, user: "juliet" }, 0, count + 1);
  assert.deepEqual(
    kept.map(({ stanza }) => Number(/<body>(\d+)</.exec(stanza)?.[1])),
    Array.from({ length: count }, (_, number) => number),
  );
  assert.doesNotMatch(romeo.heard, /<message/);
});
