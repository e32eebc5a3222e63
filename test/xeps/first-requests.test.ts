// What real clients ask when they start: every question gets its answer, or the error that says that there is no such thing.
import assert from "node:assert/strict";
import { test } from "node:test";
import { conditionOf } from "../support/client.js";
import { playServer } from "../support/play-server.js";

const disco = "<query xmlns='http://jabber.org/protocol/disco#info'/>";

/** To the own account, without `to`. */
const notYetOfAccount: readonly (readonly [client: string, type: "get" | "set", payload: string])[] = [
  ["Gajim, Dino", "set", "<enable xmlns='urn:xmpp:carbons:2'/>"],
  ["Gajim, Profanity", "get", "<blocklist xmlns='urn:xmpp:blocking'/>"],
  ["Gajim", "set", "<query xmlns='urn:xmpp:mam:2' queryid='1'><set xmlns='http://jabber.org/protocol/rsm'/></query>"],
  ["Converse.js", "get", "<prefs xmlns='urn:xmpp:mam:2'/>"],
  ["poezio, slixmpp", "get", "<vCard xmlns='vcard-temp'/>"],
  [
    "Dino",
    "get",
    "<pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='eu.siacs.conversations.axolotl.devicelist'/></pubsub>",
  ],
  ["Gajim", "get", "<pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='urn:xmpp:bookmarks:1'/></pubsub>"],
  [
    "poezio",
    "set",
    "<pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='http://jabber.org/protocol/nick'/></pubsub>",
  ],
];

for (const [client, type, payload] of notYetOfAccount) {
  test(`${client}: ${payload.replace(/^<(\w+) xmlns='([^']+)'.*$/, "$1 of $2")} is not there yet`, async (t) => {
    const stage = await playServer(t);
    const romeo = await stage.enter("romeo");
    await romeo.isRefused("service-unavailable", type, payload);
    await romeo.isRefused("service-unavailable", type, payload, "romeo@verona.example");
    await romeo.isRefused("service-unavailable", type, payload, "verona.example");
  });
}

test("Dino asks for STUN and TURN", async (t) => {
  const stage = await playServer(t);
  const dino = await stage.login("romeo");
  await dino.isRefused("service-unavailable", "get", "<services xmlns='urn:xmpp:extdisco:2'/>", "verona.example");
});

test("Gajim, Dino and Profanity ask services that are not there", async (t) => {
  const stage = await playServer(t);
  const gajim = await stage.login("romeo");
  for (const service of ["upload.verona.example", "conference.verona.example", "room@conference.verona.example"]) {
    await gajim.isRefused("remote-server-not-found", "get", disco, service);
  }
});

test("Converse.js, mcabber and sendxmpp ask for a session, as one did before RFC 6120", async (t) => {
  const stage = await playServer(t);
  const converse = await stage.login("romeo");
  await converse.gets("set", "<session xmlns='urn:ietf:params:xml:ns:xmpp-session'/>");
  await converse.gets("set", "<session xmlns='urn:ietf:params:xml:ns:xmpp-session'/>", "verona.example");
});

test("Profanity sends presence before it asks for the roster", async (t) => {
  const stage = await playServer(t);
  const profanity = await stage.enter("romeo");
  await profanity.gets(
    "get",
    "<query xmlns='jabber:iq:roster'/>",
    undefined,
    "<query xmlns='jabber:iq:roster' ver='0'/>",
  );
});

test("Gajim and Dino ask for the roster with an empty version", async (t) => {
  const stage = await playServer(t);
  const gajim = await stage.login("romeo");
  const roster = await gajim.asks("get", "<query xmlns='jabber:iq:roster' ver=''/>");
  assert.equal(roster.getChild("query")?.attrs["ver"], "0");
});

test("go-sendxmpp sends presence with empty show and status", async (t) => {
  const stage = await playServer(t);
  const goSendxmpp = await stage.login("romeo");
  goSendxmpp.send("<presence><show/><status/></presence>");
  const own = "from='romeo@verona.example/orchard' to='romeo@verona.example'";
  await goSendxmpp.receives(`<presence ${own}><show/><status/></presence>`);
});

test("sendxmpp needs neither roster nor presence to send a message", async (t) => {
  const stage = await playServer(t);
  const juliet = await stage.enter("juliet", "balcony");
  const sendxmpp = await stage.login("romeo");
  sendxmpp.send("<message to='juliet@verona.example'><body>Night's candles are burnt out.</body></message>");
  assert.equal((await juliet.next()).getChildText("body"), "Night's candles are burnt out.");
});

test("libstrophe puts <required/> into its bind request", async (t) => {
  const stage = await playServer(t);
  await stage.account("romeo");
  const strophe = stage.connect();
  await strophe.opensStream();
  await strophe.authenticates("romeo", "romeo");
  const bind = "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><required/><resource>orchard</resource></bind>";
  const bound = (await strophe.asks("set", bind)).getChild("bind");
  assert.equal(bound?.getChildText("jid"), "romeo@verona.example/orchard");
});

test("slixmpp tries the next mechanism on the same stream after a wrong password", async (t) => {
  const stage = await playServer(t);
  await stage.account("romeo", "rosaline");
  const slixmpp = stage.connect();
  await slixmpp.opensStream();
  const wrong = Buffer.from("\0romeo\0juliet").toString("base64");
  slixmpp.send(`<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>${wrong}</auth>`);
  assert.equal((await slixmpp.next()).getChildElements()[0]?.getName(), "not-authorized");
  await slixmpp.authenticates("romeo", "rosaline");
});

test("mcabber's PLAIN carries a foreign attribute and an id", async (t) => {
  const stage = await playServer(t);
  await stage.account("romeo");
  const mcabber = stage.connect();
  await mcabber.opensStream();
  const secret = Buffer.from("\0romeo\0romeo").toString("base64");
  const more = "id='1' xmlns:ns1='http://www.google.com/talk/protocol/auth' ns1:client-uses-full-bind-result='true'";
  mcabber.send(`<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN' ${more}>${secret}</auth>`);
  await mcabber.receives("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
  await mcabber.reopensStream();
});

test("an error is never answered, whatever it says", async (t) => {
  const stage = await playServer(t);
  const romeo = await stage.enter("romeo");
  romeo.send("<message to='nobody@verona.example' type='error' id='1'><body>!</body></message>");
  romeo.send("<iq to='verona.example' type='error' id='2'/>", "<iq to='verona.example' type='result' id='3'/>");
  await stage.receiveNothing(romeo);
  const answer = await romeo.asks("get", disco, "nobody@verona.example");
  assert.equal(conditionOf(answer), "service-unavailable");
});
