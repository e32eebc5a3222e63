// Requests of one occupant to another: each sees but the other's address in the room (XEP-0045 §17.4).
import assert from "node:assert/strict";
import { test } from "node:test";
import { conditionOf } from "../../support/client.js";
import { RemoteDomain } from "../../support/remote-domain.js";
import { arrivals, enters, garden, leavesRoom, muc, party, roomGoesOn } from "../../support/rooms.js";
import { assertSame } from "../../support/same-xml.js";

const version = "<query xmlns='jabber:iq:version'/>";

test("a request and its answer keep their id, and tell no addresses", async (t) => {
  const { stage, romeo, juliet, everybody } = await party(t);
  romeo.send(`<iq type='get' id='it&apos;s the eäst' to='${garden}/Juliet'>${version}</iq>`);
  const [asked] = await arrivals(stage, juliet);
  const id = String(asked?.attrs["id"]);
  assertSame(
    asked ?? assert.fail(),
    `<iq type='get' id='{any}' from='${garden}/Romeo' to='${juliet.jid}'>${version}</iq>`,
  );
  assert.doesNotMatch(String(asked), /romeo@|orchard/);
  const answer = "<query xmlns='jabber:iq:version'><name>Sün</name></query>";
  const escaped = id.replace("'", "&apos;");
  juliet.send(`<iq type='result' id='${escaped}' to='${garden}/Romeo'>${answer}</iq>`);
  const [answered] = await arrivals(stage, romeo);
  assertSame(
    answered ?? assert.fail(),
    `<iq type='result' id='it&apos;s the eäst' from='${garden}/Juliet' to='${romeo.jid}'>${answer}</iq>`,
  );
  assert.doesNotMatch(String(answered), /juliet@|balcony/);
  await roomGoesOn(stage, romeo, everybody);
});

test("the answer goes to the session that asked, an error too", async (t) => {
  const { stage, romeo, juliet } = await party(t);
  const tomb = await stage.login("romeo", "tomb");
  tomb.send(enters("Romeo"));
  for (const client of [romeo, tomb, juliet]) await arrivals(stage, client);
  romeo.send(`<iq type='get' id='same' to='${garden}/Juliet'>${version}</iq>`);
  tomb.send(`<iq type='get' id='same' to='${garden}/Juliet'>${version}</iq>`);
  const [first, second] = await arrivals(stage, juliet);
  const refuses = (id: unknown): void =>
    juliet.send(`<iq type='error' id='${String(id)}' to='${garden}/Romeo'><error type='cancel'>
      <not-allowed xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>`);
  refuses(second?.attrs["id"]);
  await stage.receiveNothing(romeo);
  const toTomb = await arrivals(stage, tomb);
  assert.deepEqual(
    toTomb.map((each) => [String(each.attrs["id"]), conditionOf(each)]),
    [["same", "not-allowed"]],
  );
  refuses(first?.attrs["id"]);
  assert.deepEqual(
    (await arrivals(stage, romeo)).map(({ attrs }) => String(attrs["id"])),
    ["same"],
  );
});

test("vCards are asked of the account, and answered by the occupant", async (t) => {
  const { stage, romeo, juliet } = await party(t);
  const answer = await romeo.asks("get", "<vCard xmlns='vcard-temp'/>", `${garden}/Juliet`);
  assert.equal(answer.attrs["from"], `${garden}/Juliet`);
  assert.doesNotMatch(String(answer), /juliet@/);
  await stage.receiveNothing(juliet);
});

test("so is what users publish, pictures of them above all", async (t) => {
  const { stage, romeo, juliet } = await party(t);
  const mantua = new RemoteDomain(stage, "mantua.example");
  const [shop, account] = ["apothecary@mantua.example/shop", "apothecary@mantua.example"];
  mantua.sends(`<presence from='${shop}' to='${garden}/Apothecary'>${muc}</presence>`);
  await mantua.arrivals();
  for (const client of [romeo, juliet]) await arrivals(stage, client);
  const items = "<items node='urn:xmpp:avatar:data'/>";
  const vcard = "<vcard xmlns='urn:ietf:params:xml:ns:vcard-4.0'/>";
  for (const payload of [`<pubsub xmlns='http://jabber.org/protocol/pubsub'>${items}</pubsub>`, vcard]) {
    romeo.send(`<iq type='get' id='picture' to='${garden}/Apothecary'>${payload}</iq>`);
    const [asked] = await mantua.arrivals();
    assert.equal(asked?.attrs["to"], account);
    const id = String(asked.attrs["id"]);
    mantua.sends(`<iq type='result' id='${id}' from='${account}' to='${garden}/Romeo'>${payload}</iq>`);
    const [answer] = await arrivals(stage, romeo);
    assert.deepEqual([answer?.attrs["from"], answer?.attrs["id"]], [`${garden}/Apothecary`, "picture"]);
  }
});

test("a vCard comes from the nickname that was asked, whatever others the same user goes by", async (t) => {
  const { stage, romeo, juliet } = await party(t);
  const tomb = await stage.login("juliet", "tomb");
  tomb.send(enters("Ghost"));
  for (const client of [romeo, juliet, tomb]) await arrivals(stage, client);
  for (const nick of ["Ghost", "Juliet"]) {
    const answer = await romeo.asks("get", "<vCard xmlns='vcard-temp'/>", `${garden}/${nick}`);
    assert.equal(answer.attrs["from"], `${garden}/${nick}`);
  }
});

test("made-up answers reach nobody", async (t) => {
  const { stage, romeo, juliet, everybody } = await party(t);
  const tybalt = await stage.login("tybalt");
  for (const client of [juliet, tybalt])
    for (const id of [
      "1",
      "2 3 x",
      "2 x",
      "2",
      "2 3",
      "",
      " ",
      "99 x",
      "99 3 x",
      "-1 3 x",
      "9".repeat(400) + " 3 x",
      "x 2 3",
    ])
      for (const to of [`${garden}/Romeo`, `${garden}/Nobody`, garden, `${garden}/ `])
        if (client === tybalt || id !== "2 3 x" || to !== `${garden}/Romeo`)
          client.send(`<iq type='result' id='${id}' to='${to}'/>`);
  await stage.receiveNothing(...everybody);
  await roomGoesOn(stage, romeo, everybody);
});

test("nobody from outside asks occupants, and nobody asks who is not there", async (t) => {
  const { stage, romeo, juliet, capulet } = await party(t);
  const tybalt = await stage.login("tybalt");
  await tybalt.isRefused("not-acceptable", "get", version, `${garden}/Juliet`);
  await romeo.isRefused("item-not-found", "get", version, `${garden}/Rosaline`);
  await leavesRoom(stage, juliet, "Juliet");
  for (const client of [romeo, capulet]) await arrivals(stage, client);
  await romeo.isRefused("item-not-found", "get", version, `${garden}/Juliet`);
  await stage.receiveNothing(juliet);
});

test("an error says nothing of where the other one is from, but to those who see addresses", async (t) => {
  const { stage, capulet, romeo, everybody } = await party(t);
  const mantua = new RemoteDomain(stage, "mantua.example");
  mantua.sends(`<presence from='apothecary@mantua.example/shop' to='${garden}/Apothecary'>${muc}</presence>`);
  for (const client of everybody) await arrivals(stage, client);
  const conditions = "urn:ietf:params:xml:ns:xmpp-stanzas";
  const error = `<error type='cancel' by='mantua.example'><gone xmlns='${conditions}'>xmpp:apothecary@mantua.example</gone>
    <text xmlns='${conditions}'>mantua.example can't do this.</text><busy xmlns='urn:example:shop'/></error>`;
  mantua.onReceived = ({ name, attrs }) => {
    const [to, id] = [String(attrs["from"]), String(attrs["id"])];
    if (name === "iq" || attrs["type"] === "chat")
      mantua.sends(`<${name} type='error' id='${id}' from='${String(attrs["to"])}' to='${to}'>${error}</${name}>`);
  };
  const handedOn = `<error type='cancel'><gone xmlns='${conditions}'/><busy xmlns='urn:example:shop'/></error>`;
  const asked = await romeo.asks("get", version, `${garden}/Apothecary`);
  assertSame(asked.getChild("error") ?? assert.fail(), handedOn);
  assert.doesNotMatch(String(asked), /mantua/);
  assert.match(String(await capulet.asks("get", version, `${garden}/Apothecary`)), /mantua\.example can't do this/);
});

test("nor does the error for a private message", async (t) => {
  const { stage, romeo, everybody } = await party(t);
  const mantua = new RemoteDomain(stage, "mantua.example");
  mantua.sends(`<presence from='apothecary@mantua.example/shop' to='${garden}/Apothecary'>${muc}</presence>`);
  for (const client of everybody) await arrivals(stage, client);
  const conditions = "urn:ietf:params:xml:ns:xmpp-stanzas";
  const said = `<error type='modify' by='mantua.example'><policy-violation xmlns='${conditions}'/>
    <text xmlns='${conditions}'>The server of mantua.example takes stanzas of at most 10000 bytes.</text></error>`;
  mantua.sends(
    `<message type='error' from='apothecary@mantua.example/shop' to='${garden}/Romeo' id='m1'>${said}</message>`,
  );
  const [told] = await arrivals(stage, romeo);
  assertSame(
    told ?? assert.fail(),
    `<message type='error' id='m1' from='${garden}/Apothecary' to='${romeo.jid}'>
      <error type='modify'><policy-violation xmlns='${conditions}'/></error>
      <occupant-id xmlns='urn:xmpp:occupant-id:0' id='{any}'/></message>`,
  );
});

test("whoever has asked somebody who can't be reached is told so, although they are put out before", async (t) => {
  const { stage, romeo, everybody } = await party(t);
  const mantua = new RemoteDomain(stage, "mantua.example");
  const apothecary = "apothecary@mantua.example/shop";
  mantua.sends(`<presence from='${apothecary}' to='${garden}/Apothecary'>${muc}</presence>`);
  for (const client of everybody) await arrivals(stage, client);
  const error = `<error type='wait'><remote-server-timeout xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>`;
  mantua.onReceived = ({ name, attrs: { id } }) => {
    if (name !== "iq") return;
    mantua.sends(`<message type='error' from='${apothecary}' to='${garden}'>${error}</message>`);
    mantua.sends(`<iq type='error' id='${String(id)}' from='${apothecary}' to='${garden}/Romeo'>${error}</iq>`);
  };
  romeo.send(`<iq type='get' id='v1' to='${garden}/Apothecary'>${version}</iq>`);
  const [gone, answer] = await arrivals(stage, romeo);
  assert.equal(gone?.attrs["type"], "unavailable");
  assertSame(
    answer ?? assert.fail("nothing"),
    `<iq type='error' id='v1' from='${garden}/Apothecary' to='${romeo.jid}'>${error}</iq>`,
  );
});
