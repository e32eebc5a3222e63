// XEP-0160: Best Practices for Handling Offline Messages, with the notes of XEP-0203 and the hints of XEP-0334.
import assert from "node:assert/strict";
import { test } from "node:test";
import { conditionOf } from "../support/client.js";
import { playServer, type Stage } from "../support/play-server.js";

const delay =
  "<delay xmlns='urn:xmpp:delay' from='verona.example' stamp='2026-04-23T20:00:00Z'>Offline Storage</delay>";

function message(body: string, attributes = "type='chat'", more = ""): string {
  return `<message to='juliet@verona.example' id='${body}' ${attributes}><body>${body}</body>${more}</message>`;
}

/** As it arrives from storage. */
function kept(body: string, attributes = "type='chat'", more = ""): string {
  const addresses = "from='romeo@verona.example/orchard' to='juliet@verona.example'";
  return `<message ${addresses} id='${body}' ${attributes}><body>${body}</body>${more}${delay}</message>`;
}

/** Romeo is there, Juliet has an account. */
async function garden(t: Parameters<typeof playServer>[0], config = ""): Promise<Stage> {
  const stage = await playServer(t, { config });
  await stage.account("juliet");
  return stage;
}

test("messages for somebody who is not there are kept, and delivered in order, once, with the time (§2)", async (t) => {
  const stage = await garden(t);
  const romeo = await stage.login("romeo");
  romeo.send(message("But soft!"), message("What light?", "", "<x xmlns='urn:example:window'/>"));
  await stage.receiveNothing(romeo);
  stage.clock.advance(60_000);
  const juliet = await stage.login("juliet", "balcony");
  await stage.receiveNothing(juliet);
  await juliet.becomesAvailable();
  await juliet.receives(kept("But soft!"));
  await juliet.receives(kept("What light?", "", "<x xmlns='urn:example:window'/>"));
  await stage.receiveNothing(juliet);
  await juliet.leaves();
  await stage.receiveNothing(await stage.enter("juliet", "balcony"));
});

test("language, foreign attributes and prefixes survive", async (t) => {
  const stage = await garden(t);
  const romeo = await stage.login("romeo");
  const start = "to='juliet@verona.example' xml:lang='it' xmlns:v='urn:verona' v:mood='sad'";
  romeo.send(`<message ${start}><body>Ahimè ❤</body><v:house>Montague</v:house></message>`);
  await stage.settle();
  const juliet = await stage.enter("juliet", "balcony");
  await juliet.receives(
    `<message from='{any}' to='juliet@verona.example' xml:lang='it' xmlns:v='urn:verona' v:mood='sad'>
      <body>Ahimè ❤</body><v:house>Montague</v:house>${delay}</message>`,
  );
});

test("a negative priority means not being there", async (t) => {
  const stage = await garden(t);
  const romeo = await stage.login("romeo");
  const juliet = await stage.login("juliet", "balcony");
  await juliet.becomesAvailable(-1);
  romeo.send(message("But soft!"));
  await stage.receiveNothing(juliet);
  await juliet.becomesAvailable(0);
  await juliet.receives(kept("But soft!"));
});

test("newer messages come after the older ones, however many pages these fill", async (t) => {
  const stage = await garden(t, "[extensions.offline-messages]\npage = 2");
  const romeo = await stage.login("romeo");
  romeo.send(...["1", "2", "3", "4", "5"].map((body) => message(body)));
  await stage.settle();
  const juliet = await stage.login("juliet", "balcony");
  juliet.send("<presence/>");
  romeo.send(message("6"));
  await juliet.receives("<presence from='{any}' to='{any}'/>");
  for (const body of ["1", "2", "3", "4", "5"]) await juliet.receives(kept(body));
  const last = await juliet.next();
  assert.equal(last.getChildText("body"), "6");
  assert.equal(last.getChild("delay"), undefined);
});

test("a second session waits for the first and gets nothing twice", async (t) => {
  const stage = await garden(t);
  const romeo = await stage.login("romeo");
  romeo.send(message("But soft!"));
  await stage.settle();
  const [balcony, chamber] = [await stage.login("juliet", "balcony"), await stage.login("juliet", "chamber")];
  balcony.send("<presence/>");
  chamber.send("<presence/>");
  const presence = "<presence from='{any}' to='{any}'/>";
  await balcony.receives(presence);
  await balcony.receives(presence);
  await balcony.receives(kept("But soft!"));
  await chamber.receives(presence);
  await chamber.receives(presence);
  await stage.receiveNothing(balcony, chamber);
});

test("what a lost session has not been sent is there for the next one, once", async (t) => {
  const stage = await garden(t);
  const romeo = await stage.login("romeo");
  romeo.send(message("But soft!"), message("Arise, fair sun"));
  await stage.settle();
  const balcony = await stage.login("juliet", "balcony");
  balcony.transport.clientStopsReading();
  balcony.send("<presence/>");
  await romeo.makesRoundTrip();
  balcony.transport.clientVanishes();
  const chamber = await stage.enter("juliet", "chamber");
  await chamber.receives(kept("But soft!"));
  await chamber.receives(kept("Arise, fair sun"));
  await stage.receiveNothing(chamber, romeo);
});

test("what comes while a session is just leaving is kept", async (t) => {
  const stage = await garden(t);
  const romeo = await stage.login("romeo");
  const juliet = await stage.enter("juliet", "balcony");
  juliet.send("</stream:stream>");
  romeo.send(message("Stay but a little"));
  await stage.receiveNothing(juliet, romeo);
  await (await stage.enter("juliet", "balcony")).receives(kept("Stay but a little"));
});

test("what can't be kept is returned: headlines are dropped, groupchat and chat states bounce (§3)", async (t) => {
  const stage = await garden(t);
  const romeo = await stage.login("romeo");
  romeo.send(message("News", "type='headline'"));
  await stage.receiveNothing(romeo);
  const composing = "<composing xmlns='http://jabber.org/protocol/chatstates'/>";
  for (const returned of [
    message("Room", "type='groupchat'"),
    `<message to='juliet@verona.example' type='chat' id='1'>${composing}</message>`,
    `<message to='juliet@verona.example' type='chat' id='2'><thread>t</thread>${composing}</message>`,
    message("Secret", "type='chat'", "<no-store xmlns='urn:xmpp:hints'/>"),
  ]) {
    romeo.send(returned);
    assert.equal(conditionOf(await romeo.next()), "service-unavailable", returned);
  }
  await stage.receiveNothing(await stage.enter("juliet", "balcony"), romeo);
});

test("a chat state beside a body, and one that says that it is worth it, are kept", async (t) => {
  const stage = await garden(t);
  const romeo = await stage.login("romeo");
  const active = "<active xmlns='http://jabber.org/protocol/chatstates'/>";
  const store = "<store xmlns='urn:xmpp:hints'/>";
  romeo.send(message("But soft!", "type='chat'", active));
  romeo.send(`<message to='juliet@verona.example' type='chat' id='2'>${active}${store}</message>`);
  await stage.settle();
  const juliet = await stage.enter("juliet", "balcony");
  await juliet.receives(kept("But soft!", "type='chat'", active));
  const addresses = "from='romeo@verona.example/orchard' to='juliet@verona.example'";
  await juliet.receives(`<message ${addresses} type='chat' id='2'>${active}${store}${delay}</message>`);
});

test("a full store refuses, and takes no more until it has been emptied", async (t) => {
  const stage = await garden(t, "[accounts]\noffline_messages = 1");
  const romeo = await stage.login("romeo");
  romeo.send(message("1"), message("2"));
  const refused = await romeo.next();
  assert.equal(conditionOf(refused), "service-unavailable");
  assert.equal(refused.attrs["id"], "2");
  const juliet = await stage.enter("juliet", "balcony");
  await juliet.receives(kept("1"));
  await stage.settle();
  await juliet.leaves();
  romeo.send(message("3"));
  await stage.receiveNothing(romeo);
});
