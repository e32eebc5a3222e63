// What goes between users and an external component (XEP-0114 §3).
import { test } from "node:test";
import assert from "node:assert/strict";
import { conditionOf } from "../support/client.js";
import { playServer, type Stage } from "../support/play-server.js";

const irc = "irc.verona.example";
const config = `
[components."${irc}"]
secret = "${irc}"
[components."sms.verona.example"]
secret = "sms.verona.example"
`;

test("users write to any address of the component, which writes as any address of its domain", async (t) => {
  const stage = await playServer(t, { config });
  const romeo = await stage.login("romeo");
  const gateway = await stage.component(irc);
  romeo.send(`<message to='#verona@${irc}/juliet' type='chat' id='1'><body>Speak again, bright angel</body></message>`);
  await gateway.receives(`
    <message from='${romeo.jid}' to='#verona@${irc}/juliet' type='chat' id='1'>
      <body>Speak again, bright angel</body>
    </message>`);
  gateway.send(`<message from='#verona@${irc}/juliet' to='${romeo.jid}' id='2'><body>Ay me</body></message>`);
  await romeo.receives(`<message from='#verona@${irc}/juliet' to='${romeo.jid}' id='2'><body>Ay me</body></message>`);
  gateway.send(`<presence xmlns='jabber:client' from='${irc}' to='${romeo.jid}'/>`);
  await romeo.receives(`<presence from='${irc}' to='${romeo.jid}'/>`);
});

test("a component may say the namespace on each element, as biboumi does", async (t) => {
  const stage = await playServer(t, { config });
  const romeo = await stage.login("romeo");
  const gateway = stage.connectComponent(irc);
  gateway.opens();
  gateway.send(gateway.handshake(irc).replace(">", " xmlns='jabber:component:accept'>"));
  await gateway.receives("<handshake/>");
  const said = `from='${irc}' to='${romeo.jid}'`;
  gateway.send(`<message xmlns='jabber:component:accept' ${said}><body>Good morrow</body></message>`);
  await romeo.receives(`<message ${said}><body>Good morrow</body></message>`);
});

test("requests are answered both ways", async (t) => {
  const stage = await playServer(t, { config });
  const romeo = await stage.login("romeo");
  const gateway = await stage.component(irc);
  const answer = romeo.asks("get", "<ping xmlns='urn:xmpp:ping'/>", irc);
  const { attrs } = await gateway.next();
  gateway.send(`<iq from='${irc}' to='${String(attrs["from"])}' type='result' id='${String(attrs["id"])}'/>`);
  assert.equal((await answer).attrs["type"], "result");
  gateway.send(`<iq from='${irc}' to='verona.example' type='get' id='p'><ping xmlns='urn:xmpp:ping'/></iq>`);
  await gateway.receives(`<iq from='verona.example' to='${irc}' type='result' id='p'/>`);
});

test("one component writes to another", async (t) => {
  const stage = await playServer(t, { config });
  const gateway = await stage.component(irc);
  const sms = await stage.component("sms.verona.example");
  const letter = `<message from='${irc}' to='mercutio@sms.verona.example'><body>Ask for me tomorrow</body></message>`;
  gateway.send(letter);
  await sms.receives(letter);
});

test("a component's subscription and presence are those of any contact", async (t) => {
  const stage = await playServer(t, { config });
  const gateway = await stage.component(irc);
  const juliet = await stage.enter("juliet", "balcony");
  gateway.send(`<presence from='${irc}' to='juliet@verona.example' type='subscribe'/>`);
  await juliet.receives(`<presence from='${irc}' to='juliet@verona.example' type='subscribe'/>`);
  juliet.send(`<presence to='${irc}' type='subscribed'/>`);
  await gateway.receives(`<presence from='juliet@verona.example' to='${irc}' type='subscribed'/>`);
  await gateway.receives(`<presence from='${juliet.jid}' to='${irc}'><priority>0</priority></presence>`);
});

test("while it is not connected, what is for it goes back and says so", async (t) => {
  const stage = await playServer(t, { config });
  const romeo = await stage.login("romeo");
  await isBounced(stage, "1", "service-unavailable", `The component ${irc} is not connected.`);
  const gateway = await stage.component(irc);
  await gateway.leaves();
  await isBounced(stage, "2", "service-unavailable", `The component ${irc} is not connected.`);
  const again = await stage.component(irc);
  romeo.send(`<message to='${irc}'/>`);
  await again.receives(`<message from='${romeo.jid}' to='${irc}'/>`);
  await stage.receiveNothing(romeo);
});

async function isBounced(stage: Stage, id: string, condition: string, text: string): Promise<void> {
  const benvolio = await stage.login("benvolio", id);
  benvolio.send(`<message to='#verona@${irc}' id='${id}'><body>Part, fools!</body></message>`);
  await benvolio.receives(`
    <message from='#verona@${irc}' to='${benvolio.jid}' type='error' id='${id}'>
      <error type='cancel'>
        <${condition} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>
        <text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas' xml:lang='en'>${text}</text>
      </error>
    </message>`);
}

test("what it has not read when its connection ends goes back, in order; errors do not", async (t) => {
  const stage = await playServer(t, { config });
  const romeo = await stage.login("romeo");
  const gateway = await stage.component(irc);
  gateway.transport.clientStopsReading();
  romeo.send(`<message to='${irc}' id='taken'/>`); // it is with the kernel, so it counts as sent
  await romeo.makesRoundTrip();
  romeo.send(`<message to='${irc}' id='1'/>`, `<message to='${irc}' type='error' id='2'/>`, `<presence to='${irc}'/>`);
  await romeo.makesRoundTrip();
  gateway.transport.clientVanishes();
  for (const head of ["message", "presence"]) {
    const returned = await romeo.next();
    assert.equal(returned.getName(), head);
    assert.equal(conditionOf(returned), "recipient-unavailable");
    const text = returned.getChild("error")?.getChildText("text");
    assert.equal(text, `The component ${irc} went away before it had read this.`);
  }
  await stage.receiveNothing(romeo);
});

test("one that does not read is cut off at its limit, and costs nobody else anything", async (t) => {
  const stage = await playServer(t, { config: `[components."${irc}"]\nsecret = "${irc}"\noutbox_size = "64 KiB"` });
  const romeo = await stage.login("romeo");
  const juliet = await stage.login("juliet");
  const gateway = await stage.component(irc);
  gateway.transport.clientStopsReading();
  const body = "O ".repeat(20_000);
  for (const id of "123") {
    romeo.send(`<message to='${irc}' id='${id}'><body>${body}</body></message>`);
    await romeo.makesRoundTrip();
  }
  assert.ok(gateway.hasEnded);
  // 1 is with the kernel, 2 was too much, 3 found nobody
  for (const expected of [
    ["2", "recipient-unavailable"],
    ["3", "service-unavailable"],
  ]) {
    const returned = await romeo.next();
    assert.deepEqual([returned.attrs["id"], conditionOf(returned)], expected);
  }
  await stage.receiveNothing(romeo, juliet);
});

/** What was queued outside of any read is written at the end of the event loop's turn. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

test("a space is sent while nothing else is, so that a dead connection is found out", async (t) => {
  const stage = await playServer(t, { config });
  const romeo = await stage.login("romeo");
  const gateway = await stage.component(irc);
  gateway.transport.clientStopsReading();
  stage.clock.advance(60_000);
  await turn();
  assert.equal(gateway.transport.bufferedBytes, 1);
  gateway.transport.clientReads();
  romeo.send(`<message to='${irc}'/>`);
  await gateway.next();
  gateway.transport.clientStopsReading();
  stage.clock.advance(60_000);
  await turn();
  assert.equal(gateway.transport.bufferedBytes, 0, "the message was sign enough");
});
