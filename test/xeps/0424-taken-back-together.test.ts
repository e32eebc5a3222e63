// XEP-0424 and XEP-0425: what is left of a message, and that it was taken back, are on disk together before anybody is told.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Jid } from "../../src/jid/jid.js";
import { StorageError } from "../../src/storage/storage-error.js";
import type { Element } from "../../src/xml/element.js";
import {
  arrivals,
  entersRoom,
  garden,
  type Party,
  party,
  persistent,
  roomGoesOn,
  said,
  says,
  spoken,
} from "../support/rooms.js";
import { holdUp } from "../support/slow-storage.js";

const RETRACT = "urn:xmpp:message-retract:1";
/** The room has to look into the archive for all but the last message. */
const forgetful = "[extensions.rooms]\nhistory = 1";

const retraction = (id: string, more = ""): string =>
  `<message type='groupchat' id='r1' to='${garden}'><retract xmlns='${RETRACT}' id='${id}'/>${more}</message>`;
const moderation = (id: string): string =>
  `<moderate xmlns='urn:xmpp:message-moderate:1' id='${id}'><retract xmlns='${RETRACT}'/></moderate>`;

const ways: Readonly<Record<string, (all: Party, id: string) => unknown>> = {
  "its author": ({ romeo }, id) => romeo.send(retraction(id)),
  "a moderator": ({ capulet }, id) => capulet.gets("set", moderation(id), garden),
  "the operator": ({ stage }, id) =>
    stage.router.hosts.get("verona.example")?.offers.get("rooms")?.takeBack(Jid.parse(garden), id, undefined),
};

for (const [who, takesBack] of Object.entries(ways)) {
  for (const [where, config] of Object.entries({ memory: "", "the archive": forgetful })) {
    test(`taken back by ${who}, found in ${where}: both go to the disk as one`, async (t) => {
      const all = await party(t, { fields: persistent, config });
      const { storage } = all.stage;
      const id = await said(all, "I defy you, stars!");
      await said(all, "Then love-devouring death do what he dare.");
      const calls: string[] = [];
      const [replace, append] = [
        storage.archive.replace.bind(storage.archive),
        storage.archive.append.bind(storage.archive),
      ];
      const together = storage.together.bind(storage);
      t.mock.method(storage, "together", <T>(job: () => T): T => {
        calls.push("begin");
        const result = together(job);
        calls.push("end");
        return result;
      });
      t.mock.method(storage.archive, "replace", (...call: Parameters<typeof replace>) => {
        calls.push("tombstone");
        return replace(...call);
      });
      t.mock.method(storage.archive, "append", (...call: Parameters<typeof append>) => {
        calls.push("retraction");
        return append(...call);
      });
      await takesBack(all, id);
      for (const client of all.everybody) assert.match((await arrivals(all.stage, client)).join(""), /<retract /);
      assert.deepEqual(calls, ["begin", "tombstone", "retraction", "end"]);
    });
  }
}

test("nobody is told before what is left of it is on disk, and nobody comes meanwhile", async (t) => {
  const all = await party(t, { fields: persistent });
  const { stage, romeo, juliet, everybody } = all;
  const id = await said(all, "I defy you, stars!");
  const held = holdUp(stage.storage, "archive", "replace");
  romeo.send(retraction(id));
  await stage.receiveNothing(...everybody);
  assert.equal(held.waiting, 1);
  held.release();
  for (const client of everybody) assert.match((await arrivals(stage, client)).join(""), /<retract /);
  await roomGoesOn(stage, juliet, everybody);
});

test("what is said behind a retraction stays behind it, also when the archive is slow", async (t) => {
  const all = await party(t, { fields: persistent, config: forgetful });
  const { stage, romeo, juliet } = all;
  const id = await said(all, "I defy you, stars!");
  await said(all, "Then love-devouring death do what he dare.");
  const held = holdUp(stage.storage, "archive", "get");
  romeo.send(retraction(id, "<body>one</body>"));
  says(romeo, "two");
  says(juliet, "three");
  await stage.settle();
  held.release();
  for (const client of all.everybody) {
    assert.deepEqual(spoken(await arrivals(stage, client)), ["one", "two", "three"]);
  }
});

test("a retraction that is not to be kept takes the message out of the history all the same", async (t) => {
  const all = await party(t, { fields: persistent });
  const id = await said(all, "I defy you, stars!");
  all.romeo.send(retraction(id, "<no-store xmlns='urn:xmpp:hints'/>"));
  for (const client of all.everybody) assert.match((await arrivals(all.stage, client)).join(""), /<retract /);
  const past = (await entersRoom(all.stage, await all.stage.login("paris"), "Paris")).join("");
  assert.match(past, /<retracted /);
  assert.doesNotMatch(past, /stars|<retract /);
});

/** What newcomers are sent of what was said. */
async function past({ stage }: Party, guest: string): Promise<readonly Element[]> {
  const all = await entersRoom(stage, await stage.login(guest), guest);
  return all.filter((each) => each.getChild("delay") !== undefined);
}

test("a message that can't be replaced stays as it is: nobody is told, and who tries again takes it back", async (t) => {
  const all = await party(t, { fields: persistent });
  const { stage, capulet, romeo, juliet, everybody } = all;
  const id = await said(all, "I defy you, stars!");
  const refused = new StorageError("refused", "no room");
  const broken = t.mock.method(stage.storage.archive, "replace", () => Promise.reject(refused));
  await capulet.isRefused("internal-server-error", "set", moderation(id), garden);
  romeo.send(retraction(id));
  assert.match((await arrivals(stage, romeo)).join(""), /<internal-server-error/);
  await stage.receiveNothing(...everybody);
  assert.deepEqual(spoken(await past(all, "paris")), ["I defy you, stars!"]);
  stage.errors.length = 0;
  broken.mock.restore();
  for (const client of everybody) await arrivals(stage, client);
  await capulet.gets("set", moderation(id), garden);
  for (const client of everybody) assert.match((await arrivals(stage, client)).join(""), /<retract /);
  assert.deepEqual(spoken(await past(all, "benvolio")), []);
  await roomGoesOn(stage, juliet, everybody);
});
