// What clients ask when they start, as it was seen on the wire: each question gets its answer, or the right error.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import parse from "@xmpp/xml/lib/parse.js";
import type { Element } from "ltx";
import { onXmppJs, type DrivenClient } from "./support/driven-client.js";
import { startServer, type ServerUnderTest } from "./support/server-under-test.js";

const DISCO_INFO = "http://jabber.org/protocol/disco#info";
const DISCO_ITEMS = "http://jabber.org/protocol/disco#items";
const PUBSUB = "http://jabber.org/protocol/pubsub";
const HOST = "localhost";
const ROMEO = "romeo@localhost";

/** What this server has no extension for yet: RFC 6121 §8.5.1, RFC 6120 §8.4 say what it answers. */
const UNKNOWN: Readonly<Record<string, readonly [type: "get" | "set", to: string, payload: string]>> = {
  "carbons, all clients": ["set", "", "<enable xmlns='urn:xmpp:carbons:2'/>"],
  "blocklist, all clients": ["get", "", "<blocklist xmlns='urn:xmpp:blocking'/>"],
  "archive, Gajim": ["set", ROMEO, "<query xmlns='urn:xmpp:mam:2' queryid='q'><set xmlns='http://jabber.org/protocol/rsm'><max>70</max></set></query>"], // prettier-ignore
  "archive preferences, Converse.js": ["get", "", "<prefs xmlns='urn:xmpp:mam:2'/>"],
  "bookmarks, Gajim": ["get", "", `<pubsub xmlns='${PUBSUB}'><items node='urn:xmpp:bookmarks:1'/></pubsub>`],
  "devices, Dino": ["get", ROMEO, `<pubsub xmlns='${PUBSUB}'><items node='eu.siacs.conversations.axolotl.devicelist'/></pubsub>`], // prettier-ignore
  "devices published, Dino": ["set", "", `<pubsub xmlns='${PUBSUB}'><publish node='eu.siacs.conversations.axolotl.devicelist'><item id='current'><list xmlns='eu.siacs.conversations.axolotl'/></item></publish></pubsub>`], // prettier-ignore
  "configuration of a node, Dino": ["get", "", `<pubsub xmlns='${PUBSUB}#owner'><configure node='eu.siacs.conversations.axolotl.devicelist'/></pubsub>`], // prettier-ignore
  "nick published, poezio": ["set", "", `<pubsub xmlns='${PUBSUB}'><publish node='http://jabber.org/protocol/nick'><item><nick xmlns='http://jabber.org/protocol/nick'>Romeo</nick></item></publish></pubsub>`], // prettier-ignore
  "avatar, poezio": ["get", ROMEO, `<pubsub xmlns='${PUBSUB}'><items node='urn:xmpp:avatar:data'/></pubsub>`],
  "call servers, Dino": ["get", HOST, "<services xmlns='urn:xmpp:extdisco:2'/>"],
  "own vCard, slixmpp and poezio": ["get", "", "<vCard xmlns='vcard-temp'/>"],
  "own vCard by address, Converse.js": ["get", ROMEO, "<vCard xmlns='vcard-temp'/>"],
  "rooms of no room service, Gajim": ["get", HOST, "<query xmlns='http://jabber.org/protocol/muc#admin'/>"],
};

describe("what clients ask when they start", () => {
  let server: ServerUnderTest;
  let romeo: DrivenClient;
  let questions = 0;

  const ask = async (type: "get" | "set", to: string, payload: string): Promise<Element> => {
    questions += 1;
    const addressee = to === "" ? "" : ` to='${to}'`;
    const answer = parse(await romeo.request(`<iq type='${type}' id='q${questions}'${addressee}>${payload}</iq>`));
    assert.equal(answer.attrs["id"], `q${questions}`);
    return answer;
  };
  const askSuccessfully = async (type: "get" | "set", to: string, payload: string): Promise<Element | undefined> => {
    const answer = await ask(type, to, payload);
    assert.equal(answer.attrs["type"], "result", answer.toString());
    return answer.getChildElements()[0];
  };

  before(async () => {
    server = await startServer(["romeo"]);
    romeo = onXmppJs(server, "romeo", "STARTTLS");
    await romeo.comeOnline();
  });
  after(async () => {
    await romeo.abandon();
    await server.stop();
  });

  it("what the server is and can do (Gajim, Dino, Profanity, mcabber)", async () => {
    const info = await askSuccessfully("get", HOST, `<query xmlns='${DISCO_INFO}'/>`);
    const identity = info?.getChild("identity");
    assert.deepEqual([identity?.attrs["category"], identity?.attrs["type"]], ["server", "im"]);
    const features = info?.getChildren("feature").map(({ attrs }) => String(attrs["var"])) ?? [];
    const expected = [DISCO_INFO, DISCO_ITEMS, "jabber:iq:version", "urn:xmpp:ping", "urn:xmpp:time", "msgoffline"];
    const missing = expected.filter((feature) => !features.includes(feature));
    assert.deepEqual(missing, []);
  });

  it("what the own account is (Gajim, Dino)", async () => {
    const info = await askSuccessfully("get", ROMEO, `<query xmlns='${DISCO_INFO}'/>`);
    const identity = info?.getChild("identity");
    assert.deepEqual([identity?.attrs["category"], identity?.attrs["type"]], ["account", "registered"]);
  });

  it("what else there is at the server (Gajim, Dino, Profanity)", async () => {
    const items = await askSuccessfully("get", HOST, `<query xmlns='${DISCO_ITEMS}'/>`);
    assert.equal(items?.getNS(), DISCO_ITEMS);
  });

  for (const version of ["", " ver=''"]) {
    it(`the roster, asked with "${version}" (Profanity and mcabber; Gajim, Dino, poezio, slixmpp)`, async () => {
      const roster = await askSuccessfully("get", "", `<query xmlns='jabber:iq:roster'${version}/>`);
      assert.deepEqual([roster?.getNS(), roster?.getChildElements().length], ["jabber:iq:roster", 0]);
    });
  }

  for (const name of ["storage:bookmarks", "storage:rosternotes", "roster:delimiter"]) {
    it(`${name} in private XML: empty at first, then what was stored (Gajim, Profanity, poezio, mcabber)`, async () => {
      const request = `<query xmlns='jabber:iq:private'><x xmlns='${name}'/></query>`;
      const empty = await askSuccessfully("get", "", request);
      assert.equal(empty?.getChild("x", name)?.children.length, 0);
      await askSuccessfully("set", "", `<query xmlns='jabber:iq:private'><x xmlns='${name}'>::</x></query>`);
      const stored = await askSuccessfully("get", "", request);
      assert.equal(stored?.getChild("x", name)?.getText(), "::");
    });
  }

  it("a session, though it does nothing any more (Converse.js, mcabber, sendxmpp)", async () => {
    await askSuccessfully("set", "", "<session xmlns='urn:ietf:params:xml:ns:xmpp-session'/>");
  });

  it("whether the server is there, with its address and without (all)", async () => {
    await askSuccessfully("get", HOST, "<ping xmlns='urn:xmpp:ping'/>");
    await askSuccessfully("get", "", "<ping xmlns='urn:xmpp:ping'/>");
  });

  for (const [question, [type, to, payload]] of Object.entries(UNKNOWN)) {
    it(`${question}: not there yet`, async () => {
      const answer = await ask(type, to, payload);
      assert.equal(answer.attrs["type"], "error", answer.toString());
      const error = answer.getChild("error");
      assert.equal(error?.attrs["type"], "cancel", answer.toString());
      assert.ok(error.getChild("service-unavailable", "urn:ietf:params:xml:ns:xmpp-stanzas"), answer.toString());
    });
  }
});
