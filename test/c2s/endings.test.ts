// How a session ends, and that nothing falls into the gap between its end and its connection's.
import assert from "node:assert/strict";
import { test } from "node:test";
import { extension } from "../../src/extension/index.js";
import { playServer } from "../support/play-server.js";
import { rawStage, secretBody } from "../support/raw-stage.js";

const stage = rawStage();

test("a message for a session that has said goodbye, but not yet hung up, is kept (ARCHITECTURE §6)", async () => {
  const romeo = await stage.enter("romeo");
  const juliet = await stage.enter("juliet", "balcony");
  juliet.stopsReading(); // so that the connection stays half open
  juliet.send(`<message to='${romeo.jid}'><body>adieu</body></message></stream:stream>`);
  await romeo.receives("<body>adieu</body>");
  romeo.send(`<message type='chat' to='juliet@verona.example'><body>${secretBody} 1</body></message>`);
  romeo.send(`<message type='chat' to='${juliet.jid}'><body>${secretBody} 2</body></message>`);
  await romeo.makesRoundTrip();
  const returned = await stage.enter("juliet", "chamber");
  await returned.receives(`${secretBody} 1`);
  await returned.receives(`${secretBody} 2`);
  juliet.vanishes();
});

test("a request to a session that has said goodbye is answered by an error", async () => {
  const romeo = await stage.enter("romeo");
  const juliet = await stage.login("romeo", "chamber");
  juliet.stopsReading();
  juliet.send(`<message to='${romeo.jid}'><body>adieu</body></message></stream:stream>`);
  await romeo.receives("<body>adieu</body>");
  assert.match(await romeo.asks("get", "<query xmlns='urn:example:dream'/>", juliet.jid), /<service-unavailable /);
  juliet.vanishes();
});

test("whoever binds the same resource replaces the old session, which gets <conflict/> (RFC 6120 §7.7.2.2)", async () => {
  const old = await stage.enter("juliet", "balcony");
  const newcomer = await stage.enter("juliet", "balcony");
  await old.endsWith("conflict");
  await newcomer.makesRoundTrip();
  await stage.nobodyElseNotices();
});

test("a fault of ours in what a stream said ends that stream alone, with <internal-server-error/>", async (context) => {
  const clumsy = extension({
    name: "clumsy",
    sentence: "Trips.",
    start: (host) => {
      host.nonza("urn:example:stairs", "climb", () => {
        throw new Error("tripped");
      });
    },
  });
  const play = await playServer(context, { extensions: [clumsy] });
  const romeo = await play.enter("romeo");
  const juliet = await play.enter("juliet");
  romeo.send("<climb xmlns='urn:example:stairs'/>");
  await romeo.ends("internal-server-error");
  await juliet.makesRoundTrip();
  assert.match(play.errors.splice(0).join(""), /tripped.*"event":"stream-failed"/);
});
