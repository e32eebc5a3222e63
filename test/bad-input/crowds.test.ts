// Too many of something: connections, sessions, contacts, presences, messages for somebody who does not come.
import assert from "node:assert/strict";
import { connect, type Socket } from "node:net";
import { describe, test } from "node:test";
import { host, rawStage, secretBody } from "../support/raw-stage.js";

const stage = rawStage({
  config: `
[connections]
exempt = []
per_address = 100
burst = 20_000
[clients]
sessions_per_account = 20
[accounts]
roster_items = 10_000
offline_messages = 50
`,
});

/** Connections from one address; resolves when all but so many have been closed by the server. */
async function crowd(count: number, localAddress: string, staying: number): Promise<readonly Socket[]> {
  const sockets: Socket[] = [];
  let closed = 0;
  await new Promise<void>((resolve) => {
    for (let index = 0; index < count; index += 1) {
      const socket = connect({ port: stage.port("trusted"), host: "127.0.0.1", localAddress });
      socket.on("error", () => undefined).on("close", () => void ((closed += 1) === count - staying && resolve()));
      sockets.push(socket.resume());
    }
  });
  return sockets.filter((socket) => !socket.closed);
}

// test/net/admission.test.ts has ten thousand.
test("two thousand connections from one address: a hundred stay, and others get in meanwhile", async () => {
  const staying = crowd(2000, "127.0.0.66", 100);
  await stage.nobodyElseNotices();
  const juliet = await stage.login("juliet"); // from 127.0.0.1
  assert.equal((await staying).length, 100);
  await juliet.makesRoundTrip();
  for (const socket of await staying) socket.destroy();
  await stage.nobodyElseNotices();
});

test("the twenty-first session of an account gets <resource-constraint/>, the others stay (RFC 6120 §7.7.2)", async () => {
  const sessions = [];
  for (let index = 0; index < 20; index += 1) sessions.push(await stage.login("tybalt", `sword${index}`));
  const late = await stage.authenticated("tybalt");
  late.send(
    "<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>sword20</resource></bind></iq>",
  );
  await late.receives(/<iq [^>]*type='error'.*<resource-constraint .*<\/iq>/);
  sessions[0]?.send("</stream:stream>");
  await sessions[0]?.ends();
  await late.binds("sword20");
  await Promise.all(sessions.slice(1).map((session) => session.makesRoundTrip()));
  // Who replaces a session is not one more.
  const replacing = await stage.login("tybalt", "sword5");
  await sessions[5]?.endsWith("conflict");
  for (const client of [...sessions, late, replacing]) client.vanishes();
});

describe("directed presence (RFC 6121 §4.6)", () => {
  test("goes to a thousand strangers, not to more: <resource-constraint/>", async () => {
    const tybalt = await stage.enter("tybalt");
    for (let index = 0; index < 1000; index += 1) tybalt.send(`<presence to='citizen${index}@${host}'/>`);
    await tybalt.makesRoundTrip();
    assert.doesNotMatch(tybalt.heard, /type='error'/);
    tybalt.send(`<presence to='citizen1000@${host}'/>`);
    await tybalt.receives(/<presence [^>]*type='error'.*<resource-constraint /);
    tybalt.send(`<presence to='citizen7@${host}'/>`); // whom it has told already
    await tybalt.makesRoundTrip();
    assert.equal(tybalt.heard.split("type='error'").length, 2);
    tybalt.vanishes();
    await stage.nobodyElseNotices();
  });

  test("a flood of it to one who is there drowns nobody", async () => {
    const tybalt = await stage.enter("tybalt");
    const romeo = await stage.enter("romeo");
    const mercutio = await stage.enter("mercutio");
    for (let index = 0; index < 2000; index += 1)
      tybalt.send(`<presence to='${romeo.jid}'><status>${index}</status></presence>`);
    await mercutio.makesRoundTrip();
    await romeo.receives("<status>1999</status>");
    await stage.nobodyElseNotices();
  });
});

describe("a roster", () => {
  test("of ten thousand is told whole, and the next contact is <not-acceptable/> (RFC 6121 §2.3.3)", async () => {
    const key = { host, user: "capulet" };
    await stage.account("capulet");
    const state = { name: "", subscription: "none", isAsking: false, isApproved: false, groups: [] } as const;
    const guests = Array.from({ length: 10_000 }, (_, index) => ({
      ...state,
      jid: `guest${index}@${host}`,
      version: index + 1,
    }));
    await Promise.all(guests.map((guest) => stage.server.storage.roster.put(key, guest)));
    const capulet = await stage.enter("capulet");
    const roster = await capulet.asks("get", "<query xmlns='jabber:iq:roster'/>");
    assert.equal(roster.split("<item ").length - 1, 10_000);
    const item = (jid: string, more = ""): string =>
      `<query xmlns='jabber:iq:roster'><item jid='${jid}' ${more}/></query>`;
    assert.match(await capulet.asks("set", item(`romeo@${host}`)), /<not-acceptable /);
    assert.match(await capulet.asks("set", item(`guest7@${host}`, "name='Seven'")), /type='result'/);
    capulet.send(`<presence type='subscribe' to='romeo@${host}'/>`);
    await capulet.receives(/<presence [^>]*type='error'.*<not-acceptable /);
    assert.match(await capulet.asks("set", item(`guest7@${host}`, "subscription='remove'")), /type='result'/);
    assert.match(await capulet.asks("set", item(`romeo@${host}`)), /type='result'/);
    await stage.nobodyElseNotices();
  });

  const refused: Readonly<Record<string, readonly [condition: string, items: string]>> = {
    "two items at once (§2.3.3)": ["bad-request", `<item jid='a@${host}'/><item jid='b@${host}'/>`],
    "no item": ["bad-request", ""],
    "something else": ["bad-request", "<friend/>"],
    "an item without an address": ["bad-request", "<item name='x'/>"],
    "an address that is none": ["jid-malformed", "<item jid='@@'/>"],
    "a group twice (§2.3.3)": ["bad-request", `<item jid='a@${host}'><group>x</group><group>x</group></item>`],
    "a group without a name (§2.3.3)": ["not-acceptable", `<item jid='a@${host}'><group/></item>`],
    "a name too long (§2.3.3)": ["not-acceptable", `<item jid='a@${host}' name='${"o".repeat(1024)}'/>`],
    "a group too long (§2.3.3)": ["not-acceptable", `<item jid='a@${host}'><group>${"o".repeat(1024)}</group></item>`],
    "groups without end": [
      "not-acceptable",
      `<item jid='a@${host}'>${Array.from({ length: 201 }, (_, index) => `<group>${index}</group>`).join("")}</item>`,
    ],
    "to remove nobody (§2.5.3)": ["item-not-found", `<item jid='nobody@${host}' subscription='remove'/>`],
  };
  for (const [name, [condition, items]] of Object.entries(refused)) {
    test(`${name}: <${condition}/>`, async () => {
      const tybalt = await stage.login("tybalt");
      const answer = await tybalt.asks("set", `<query xmlns='jabber:iq:roster'>${items}</query>`);
      assert.match(answer, new RegExp(`<${condition} `));
    });
  }

  test("of somebody else is <forbidden/> (§2.1.5)", async () => {
    const tybalt = await stage.login("tybalt");
    const set = `<query xmlns='jabber:iq:roster'><item jid='tybalt@${host}'/></query>`;
    assert.match(await tybalt.asks("set", set, `juliet@${host}`), /<(forbidden|service-unavailable) /);
    assert.match(
      await tybalt.asks("get", "<query xmlns='jabber:iq:roster'/>", `juliet@${host}`),
      /<(forbidden|service-unavailable) /,
    );
  });
});

test("messages past the quota of somebody who does not come are refused, and those before it are kept (XEP-0160 §2)", async () => {
  await stage.account("rosaline");
  const romeo = await stage.login("romeo");
  for (let index = 0; index < 60; index += 1) {
    romeo.send(
      `<message type='chat' id='m${index}' to='rosaline@${host}'><body>${secretBody} ${index}</body></message>`,
    );
  }
  for (let index = 50; index < 60; index += 1) {
    await romeo.receives(new RegExp(`<message [^>]*type='error'[^>]*id='m${index}'.*?<service-unavailable `));
  }
  const rosaline = await stage.login("rosaline");
  rosaline.send("<presence/>");
  for (let index = 0; index < 50; index += 1) await rosaline.receives(`${secretBody} ${index}<`);
  await rosaline.makesRoundTrip();
  assert.doesNotMatch(rosaline.unread, /<message/);
});

test("a thousand requests to subscribe from strangers are kept, more are dropped", async () => {
  const { roster } = stage.server.storage;
  const stranger = (index: number): { from: string; stanza: string } => {
    const from = `stranger${index}@${host}`;
    return { from, stanza: `<presence xmlns='jabber:client' from='${from}' type='subscribe'/>` };
  };
  const montague = { host, user: "montague" };
  await stage.account("montague");
  await Promise.all(Array.from({ length: 1000 }, (_, index) => roster.putRequest(montague, stranger(index))));
  const romeo = await stage.login("romeo");
  romeo.send(`<presence type='subscribe' to='montague@${host}'/>`);
  await romeo.makesRoundTrip();
  const old = await stage.login("montague");
  old.send("<presence/>");
  for (let index = 0; index < 1000; index += 1) await old.receives(`stranger${index}@${host}`);
  await old.makesRoundTrip();
  assert.doesNotMatch(old.heard, /from='romeo@/);
  await stage.nobodyElseNotices();
});
