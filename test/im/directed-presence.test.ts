// Directed presence: RFC 6121 §4.6.
import assert from "node:assert/strict";
import { test } from "node:test";
import { conditionOf } from "../support/client.js";
import { playServer } from "../support/play-server.js";
import { hears, says, sees } from "./rosters.js";

const JULIET = "juliet@verona.example";
const PARIS = "paris@verona.example";

test("a stranger sees what is shown to them, no broadcast after it, and the end (§4.6.3)", async (t) => {
  const stage = await playServer(t);
  const [juliet, paris] = [await stage.enter("juliet"), await stage.enter("paris")];
  juliet.send(`<presence to='${PARIS}' id='d1'><show>away</show></presence>`);
  await paris.receives(`<presence from='${juliet.jid}' to='${PARIS}' id='d1'><show>away</show></presence>`);
  juliet.send("<presence><show>chat</show></presence>");
  await juliet.next();
  await stage.receiveNothing(paris);
  juliet.send("<presence type='unavailable'><status>Adieu</status></presence>");
  await paris.receives(
    `<presence from='${juliet.jid}' to='${PARIS}' type='unavailable'><status>Adieu</status></presence>`,
  );
  await juliet.next();
  juliet.send("</stream:stream>");
  await stage.receiveNothing(paris);
});

test("each address that was written to gets the end, once", async (t) => {
  const stage = await playServer(t);
  const [juliet, paris] = [await stage.enter("juliet"), await stage.enter("paris", "tomb")];
  juliet.send(`<presence to='${PARIS}'/>`, `<presence to='${paris.jid}'/>`, `<presence to='${PARIS}'/>`);
  for (const to of [PARIS, paris.jid, PARIS]) await sees(paris, juliet.jid, "", to);
  juliet.transport.clientVanishes();
  for (const to of [PARIS, paris.jid]) await sees(paris, juliet.jid, "unavailable", to);
  await stage.receiveNothing(paris);
});

test("without initial presence it is the same, and even contacts are told of the end (§4.6.3, case 3)", async (t) => {
  const stage = await playServer(t);
  await stage.befriend("juliet", "romeo");
  const romeo = await stage.enter("romeo");
  await romeo.next();
  const juliet = await stage.login("juliet");
  juliet.send("<presence to='romeo@verona.example'/>");
  await sees(romeo, juliet.jid, "");
  await juliet.leaves();
  await sees(romeo, juliet.jid, "unavailable");
  await stage.receiveNothing(romeo);
});

test("who has been told that it is over is not told again", async (t) => {
  const stage = await playServer(t);
  const [juliet, paris] = [await stage.enter("juliet"), await stage.enter("paris")];
  juliet.send(`<presence to='${PARIS}'/>`, `<presence to='${PARIS}' type='unavailable'/>`);
  await sees(paris, juliet.jid, "");
  await sees(paris, juliet.jid, "unavailable");
  await juliet.leaves();
  await stage.receiveNothing(paris);
});

test("who has gone need not be told of our end (§4.6.1)", async (t) => {
  const stage = await playServer(t);
  const [juliet, paris] = [await stage.enter("juliet"), await stage.enter("paris")];
  const tomb = await stage.enter("paris", "tomb");
  juliet.send(`<presence to='${paris.jid}'/>`);
  paris.send(`<presence to='${juliet.jid}'/>`);
  await sees(juliet, paris.jid, "", juliet.jid);
  await paris.leaves();
  await sees(juliet, paris.jid, "unavailable", juliet.jid);
  const again = await stage.enter("paris"); // with the same address
  await juliet.leaves();
  await sees(again, tomb.jid, "");
  await stage.receiveNothing(again);
});

test("a subscriber to whom presence was sent directly gets every broadcast once, and the end once", async (t) => {
  const stage = await playServer(t);
  const [juliet, paris] = [await stage.enter("juliet"), await stage.enter("paris")];
  juliet.send(`<presence to='${PARIS}'/>`);
  await sees(paris, juliet.jid, "");
  says(paris, "subscribe", JULIET);
  await hears(juliet, "subscribe", PARIS);
  says(juliet, "subscribed", PARIS);
  await sees(paris, juliet.jid, "");
  juliet.send("<presence><show>away</show></presence>");
  await sees(paris, juliet.jid, "");
  await juliet.next();
  juliet.send("</stream:stream>");
  await sees(paris, juliet.jid, "unavailable");
  await stage.receiveNothing(paris);
});

test("to cancel a subscription hides all of a resource, whatever was shown directly (§4.6.1)", async (t) => {
  const stage = await playServer(t);
  const [juliet, paris] = [await stage.enter("juliet"), await stage.enter("paris", "tomb")];
  juliet.send(`<presence to='${paris.jid}'/>`);
  await sees(paris, juliet.jid, "", paris.jid);
  says(paris, "subscribe", JULIET);
  await hears(juliet, "subscribe", PARIS);
  says(juliet, "subscribed", PARIS);
  await sees(paris, juliet.jid, "");
  says(juliet, "unsubscribed", PARIS);
  await sees(paris, juliet.jid, "unavailable");
  await juliet.leaves();
  await stage.receiveNothing(paris);
});

test("to show oneself to oneself needs no second farewell", async (t) => {
  const stage = await playServer(t);
  const [balcony, chamber] = [await stage.enter("juliet", "balcony"), await stage.enter("juliet", "chamber")];
  await sees(balcony, chamber.jid, "");
  await sees(chamber, balcony.jid, "");
  balcony.send(`<presence to='${JULIET}'/>`);
  await sees(chamber, balcony.jid, "");
  await sees(balcony, balcony.jid, "");
  await balcony.leaves();
  await sees(chamber, balcony.jid, "unavailable");
  await stage.receiveNothing(chamber);
});

test("a thousand may be shown presence directly; the next one gets none, and the user hears so", async (t) => {
  const stage = await playServer(t);
  const juliet = await stage.enter("juliet");
  for (let number = 0; number < 1000; number += 1) juliet.send(`<presence to='guest${number}@verona.example'/>`);
  juliet.send("<presence to='guest1000@verona.example' id='d1'/>", "<presence to='guest7@verona.example'/>");
  const error = await juliet.next();
  assert.deepEqual([error.attrs["id"], conditionOf(error)], ["d1", "resource-constraint"]);
  juliet.send("<presence to='guest7@verona.example' type='unavailable'/>", "<presence to='guest1000@verona.example'/>");
  await stage.receiveNothing(juliet);
});
