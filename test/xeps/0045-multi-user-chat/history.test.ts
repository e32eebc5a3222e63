// What is said in a persistent room goes out in the order in which it came, whatever storage has to do meanwhile.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Jid, parseStanza } from "../../../src/extension/index.js";
import { History } from "../../../xeps/0045-multi-user-chat/history.js";
import type { RoomStores } from "../../../xeps/0045-multi-user-chat/stores.js";

test("a message does not wait until those are removed that are too many", async () => {
  let trims = 0;
  const archive = {
    append: () => Promise.resolve(),
    trim: () => ((trims += 1), new Promise<number>(() => undefined)),
  } as Partial<RoomStores["history"]> as RoomStores["history"];
  const history = new History(Jid.parse("garden@rooms.verona.example"), archive, { inMemory: 10, stored: 10 });
  const message = parseStanza("<message xmlns='jabber:client' type='groupchat'><body>Ay me</body></message>");
  const order: number[] = [];
  const adding = Array.from({ length: 205 }, async (_, number) => {
    await history.add(`m${number}`, number, message, true);
    order.push(number);
  });
  await Promise.all(adding);
  assert.deepEqual(order, [...order.keys()]);
  assert.equal(order.length, 205);
  assert.ok(trims > 0);
});
