// What another server sends to an account that is slow to be read: it is read no faster than it can be kept, and who leaves
// meanwhile is let go.
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { issue } from "../net/support/authority.js";
import { Puppet } from "./support/puppet.js";
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

test("who says farewell and no more is let go in time, though storage never finishes with what they sent", async (t) => {
  const world = await World.begin(t);
  const verona = await world.server("verona.example", { config: "[servers]\nclose_timeout = '200ms'\n" });
  await verona.server.authentication.accounts.create({ host: verona.domain, user: "juliet" }, "juliet");
  const { accounts } = verona.server.storage;
  const load = accounts.load.bind(accounts);
  let finish: () => void = () => undefined;
  const isFinished = new Promise<void>((resolve) => (finish = resolve));
  const isAsked = new Promise<void>((resolve) => {
    mock.method(accounts, "load", async (...parameters: Parameters<typeof load>) => {
      resolve();
      await isFinished;
      return load(...parameters);
    });
  });
  const identity = issue(world.authority, { dns: ["mantua.example"] });
  const part = { from: "mantua.example", to: verona.domain, identity };
  const mantua = await Puppet.to(verona.port("s2s"), part);
  await mantua.authenticates();
  mantua.send("<message from='romeo@mantua.example' to='juliet@verona.example'><body>Art thou there?</body></message>");
  await isAsked;
  mantua.send("<stream:error><system-shutdown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>");
  await mantua.ends();
  finish();
});
