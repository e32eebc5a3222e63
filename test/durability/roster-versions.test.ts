// Nobody is told of a roster that is not on disk yet: after a crash its version would stand for something else.
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { playServer } from "../support/play-server.js";

const query = "<query xmlns='jabber:iq:roster' ver=''/>";

test("a roster is told when the change of another resource has been written, and with it", async (context) => {
  const play = await playServer(context);
  const balcony = await play.login("juliet", "balcony");
  const chamber = await play.login("juliet", "chamber");
  let write: () => void = () => assert.fail("nothing was written");
  const { roster } = play.storage;
  const put = roster.put.bind(roster);
  const slowly = mock.method(roster, "put", async (...parameters: Parameters<typeof put>) => {
    await new Promise<void>((resolve) => (write = resolve));
    return put(...parameters);
  });
  const set = balcony.asks("set", "<query xmlns='jabber:iq:roster'><item jid='romeo@verona.example'/></query>");
  let isTold = false;
  const told = chamber.asks("get", query).then((answer) => {
    isTold = true;
    return answer;
  });
  await chamber.makesRoundTrip();
  assert.equal(isTold, false);
  write();
  assert.equal((await set).attrs["type"], "result");
  const roster1 = (await told).getChild("query");
  assert.equal(roster1?.getChild("item")?.attrs["jid"], "romeo@verona.example");
  assert.equal(roster1?.attrs["ver"], "1");
  slowly.mock.restore();
  await play.receiveNothing(balcony, chamber);
});

test("when nothing has changed since, the empty result comes before the pushes (RFC 6121 §2.6.3)", async (context) => {
  const play = await playServer(context);
  const juliet = await play.login("juliet");
  for (const name of ["romeo", "nurse"]) {
    await juliet.gets("set", `<query xmlns='jabber:iq:roster'><item jid='${name}@verona.example'/></query>`);
  }
  const chamber = await play.login("juliet", "chamber");
  const order: string[] = [];
  const result = chamber.asks("get", "<query xmlns='jabber:iq:roster' ver='0'/>").then(() => order.push("result"));
  for (const version of ["1", "2"]) {
    const push = await chamber.next();
    order.push(String(push.getChild("query")?.attrs["ver"]));
    assert.equal(push.getChild("query")?.attrs["ver"], version);
  }
  await result;
  assert.deepEqual(order, ["result", "1", "2"]);
});
