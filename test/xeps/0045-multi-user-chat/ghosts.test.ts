// XEP-0045 §16.1.2: who can't be sent what is said is put out, for nobody stays in a room with a hole in what they heard.
import assert from "node:assert/strict";
import { test } from "node:test";
import { playServer } from "../../support/play-server.js";
import { arrivals, entersRoom, garden, makesRoom } from "../../support/rooms.js";

const stanzas = "urn:ietf:params:xml:ns:xmpp-stanzas";

for (const condition of ["remote-server-timeout", "service-unavailable", "resource-constraint"]) {
  test(`whose server or ours says ${condition} is put out with 333`, async (t) => {
    const stage = await playServer(t);
    const [juliet, romeo] = [await stage.login("juliet"), await stage.login("romeo")];
    await makesRoom(stage, juliet, "Juliet");
    await entersRoom(stage, romeo, "Romeo");
    await arrivals(stage, juliet);
    const error = `<error type='wait'><${condition} xmlns='${stanzas}'/></error>`;
    romeo.send(`<message type='error' to='${garden}/Juliet'>${error}</message>`);
    const [presence, ...more] = await arrivals(stage, juliet);
    assert.deepEqual(more, []);
    assert.deepEqual([presence?.attrs["from"], presence?.attrs["type"]], [`${garden}/Romeo`, "unavailable"]);
    const codes = presence
      ?.getChild("x")
      ?.getChildren("status")
      .map(({ attrs }) => attrs["code"] as string);
    assert.deepEqual(codes, ["333"]);
  });
}

test("what a client does not like about a message is no reason", async (t) => {
  const stage = await playServer(t);
  const [juliet, romeo] = [await stage.login("juliet"), await stage.login("romeo")];
  await makesRoom(stage, juliet, "Juliet");
  await entersRoom(stage, romeo, "Romeo");
  await arrivals(stage, juliet);
  const error = `<error type='modify'><not-acceptable xmlns='${stanzas}'/></error>`;
  romeo.send(`<message type='error' to='${garden}'>${error}</message>`);
  romeo.send(`<message type='groupchat' to='${garden}'><body>Still here</body></message>`);
  const all = await arrivals(stage, juliet);
  assert.deepEqual(
    all.map((each) => each.getChildText("body")),
    ["Still here"],
  );
});
