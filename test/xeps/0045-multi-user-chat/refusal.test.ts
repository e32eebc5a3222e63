// XEP-0045 §7.2.8: whoever is not let in is told in a way that clients recognise.
import assert from "node:assert/strict";
import { test } from "node:test";
import { playServer } from "../../support/play-server.js";
import { garden, makesRoom } from "../../support/rooms.js";

const MUC = "http://jabber.org/protocol/muc";

test("an error for a request to enter has the mark of the request", async (t) => {
  const stage = await playServer(t);
  const [juliet, romeo] = [await stage.login("juliet"), await stage.login("romeo")];
  await makesRoom(stage, juliet, "Juliet");
  // In memory or not: the second room is looked for in vain.
  for (const [room, condition] of [
    [`${garden}/Juliet`, "conflict"],
    [garden, "jid-malformed"],
    ["orchard@rooms.verona.example", "jid-malformed"],
  ] as const) {
    romeo.send(`<presence id='p1' to='${room}'><x xmlns='${MUC}'/></presence>`);
    const answer = await romeo.next();
    assert.deepEqual([answer.attrs["type"], answer.attrs["id"], answer.attrs["from"]], ["error", "p1", room]);
    assert.deepEqual(
      answer.getChildElements().map((child) => `${child.getNS() ?? ""} ${child.getName()}`),
      [`${MUC} x`, "jabber:client error"],
    );
    assert.equal(answer.getChild("error")?.getChildElements()[0]?.getName(), condition);
  }
});

test("other presence is answered without it", async (t) => {
  const stage = await playServer(t);
  const romeo = await stage.login("romeo");
  romeo.send("<presence id='p1' to='orchard@rooms.verona.example/Romeo'/>");
  const answer = await romeo.next();
  assert.deepEqual([answer.attrs["type"], answer.getChild("x", MUC)], ["error", undefined]);
});
