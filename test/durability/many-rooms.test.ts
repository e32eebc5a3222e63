// Persistent rooms cost disk, not memory: they are read when somebody comes.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test, type TestContext } from "node:test";
import type { HotAccounts } from "../../src/storage/stores.js";
import { defaultConfiguration } from "../../xeps/0045-multi-user-chat/configuration.js";
import { roomStores } from "../../xeps/0045-multi-user-chat/stores.js";
import { Guest } from "./guest.js";
import { host, Household, ServerProcess } from "./server-process.js";

/** ROOMS=100000 for more. */
const count = Number(process.env["ROOMS"] ?? 20_000);
const timeout = 300_000;
const mebibyte = 1024;

/** Rooms as the server writes them, each with an owner and a message. */
async function fill(household: Household): Promise<void> {
  await household.withStorage(async (storage) => {
    const hotAccounts = {} as HotAccounts; // rooms have nothing to do with accounts
    const place = (name: string) => ({ storage, host, name: `rooms.${name}`, hotAccounts });
    const rooms = roomStores.rooms.bind(place("rooms"));
    const standings = roomStores.standings.bind(place("standings"));
    const history = roomStores.history.bind(place("history"));
    for (let first = 0; first < count; first += 1000) {
      const names = Array.from({ length: Math.min(1000, count - first) }, (_, index) => `room${first + index}`);
      await Promise.all(
        names.flatMap((name) => {
          const configuration = { ...defaultConfiguration, isPersistent: true, name: `The ${name}` };
          const stanza = `<message xmlns='jabber:client' from='${name}@rooms.${host}/Nurse' type='groupchat' id='m'><body>Here in ${name}</body><stanza-id xmlns='urn:xmpp:sid:0' id="of-${name}" by="${name}@rooms.${host}"/></message>`;
          return [
            rooms.set(name, { configuration, subject: undefined, secret: "c2VjcmV0", createdAt: 1, visitedAt: 1 }),
            standings.set(name, `nurse@${host}`, { affiliation: "owner" }),
            history.append(name, { id: `of-${name}`, at: 1000, with: "", stanza }),
          ];
        }),
      );
    }
  });
}

/** Resident, in KiB. */
function memoryOf(server: ServerProcess): number {
  const status = readFileSync(`/proc/${server.pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]);
}

async function begin(context: TestContext, household: Household): Promise<ServerProcess> {
  const server = await ServerProcess.start(household);
  context.after(() => server.kill());
  return server;
}

test(`${count} rooms on disk take no memory, and each is there when somebody comes`, { timeout }, async (t) => {
  const household = new Household();
  t.after(() => household.remove());
  household.extend("[extensions.rooms]\nunload_after = '1s'\n");
  await household.settle(["romeo"]);
  const empty = await begin(t, household);
  await empty.login("romeo");
  const before = memoryOf(empty);
  await empty.kill();
  await fill(household);
  const server = await begin(t, household);
  await server.login("romeo");
  const after = memoryOf(server);
  t.diagnostic(`without rooms ${before} KiB, with ${count} ${after} KiB`);
  assert.ok(after - before < 20 * mebibyte, `${after - before} KiB`);

  for (let number = 0; number < 100; number += 1) {
    const guest = new Guest("Romeo", `room${Math.floor((number * count) / 100)}@rooms.${host}`);
    const client = await server.login("romeo", "romeo", `visit${number}`);
    await client.becomesAvailable();
    guest.uses(client);
    // All at once: what is said waits until the room has been read, behind the request to enter.
    const entered = guest.enters();
    guest.says(3);
    await entered;
    await guest.hears("Romeo 2");
    const name = guest.room.replace(/@.*/, "");
    assert.deepEqual(
      guest.heard.map(({ body }) => body),
      [`Here in ${name}`, "Romeo 0", "Romeo 1", "Romeo 2"],
    );
    client.send(`<presence type='unavailable' to='${guest.room}/Romeo'/>`);
    await guest.until(() => !guest.isIn);
    client.vanishes();
  }
  assert.equal(server.complaints, "");
  t.diagnostic(`after visits to 100 of them ${memoryOf(server)} KiB`);
});
