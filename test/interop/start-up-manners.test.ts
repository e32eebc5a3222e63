// How clients log in and begin, beside what the RFCs show: the server must not stumble over any of it.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { RawClient } from "./support/raw-client.js";
import { startServer, type ServerUnderTest } from "./support/server-under-test.js";

const SASL = "urn:ietf:params:xml:ns:xmpp-sasl";
const BIND = "urn:ietf:params:xml:ns:xmpp-bind";

describe("how clients begin", () => {
  let server: ServerUnderTest;
  let romeo: RawClient;
  before(async () => (server = await startServer(["romeo", "juliet"])));
  beforeEach(async () => (romeo = await RawClient.connect(server)));
  afterEach(() => romeo.abandon());
  after(() => server.stop());

  const bind = async (client: RawClient, content = "<resource>orchard</resource>"): Promise<string> => {
    client.send(`<iq type='set' id='bind'><bind xmlns='${BIND}'>${content}</bind></iq>`);
    return (await client.receive(/<jid>([^<]+)<\/jid>[^]*?<\/iq>/))[1] ?? "";
  };
  const roundTrip = async (client: RawClient): Promise<void> => {
    client.send(`<iq type='get' id='there' to='${server.domain}'><ping xmlns='urn:xmpp:ping'/></iq>`);
    await client.receive(/<iq[^>]*id=['"]there['"][^>]*>/);
  };

  it("mcabber: PLAIN with an attribute of another namespace and an id", async () => {
    const google = "xmlns:ns1='http://www.google.com/talk/protocol/auth' ns1:client-uses-full-bind-result='true'";
    romeo.send(`<auth xmlns='${SASL}' mechanism='PLAIN' id='a1' ${google}>${romeo.plain("romeo")}</auth>`);
    await romeo.receive(/<success/);
  });

  it("slixmpp: another mechanism on the same stream after a failure", async () => {
    const wrong = romeo.plain("romeo", "a rose by any other name");
    romeo.send(`<auth xmlns='${SASL}' mechanism='PLAIN'>${wrong}</auth>`);
    await romeo.receive(/<failure[^]*<not-authorized\/>[^]*<\/failure>/);
    await romeo.logIn("romeo");
  });

  it("libstrophe: from on the stream after TLS, <required/> in the bind request", async () => {
    romeo.send(`<auth xmlns='${SASL}' mechanism='PLAIN'>${romeo.plain("romeo")}</auth>`);
    await romeo.receive(/<success/);
    await romeo.openStream(" from='romeo@localhost'");
    assert.equal(await bind(romeo, "<resource>orchard</resource><required/>"), "romeo@localhost/orchard");
  });

  it("xmppc: no resource asked for", async () => {
    await romeo.logIn("romeo");
    assert.match(await bind(romeo, ""), /^romeo@localhost\/.+/);
  });

  it("Profanity: presence before the roster", async () => {
    await romeo.logIn("romeo");
    await bind(romeo);
    romeo.send("<presence/><iq type='get' id='r'><query xmlns='jabber:iq:roster'/></iq>");
    await romeo.receive(/<iq[^>]*id=['"]r['"]/);
  });

  it("go-sendxmpp: presence with empty <show/> and <status/>", async () => {
    await romeo.logIn("romeo");
    await bind(romeo);
    romeo.send("<presence><show></show><status></status></presence>");
    await roundTrip(romeo);
  });

  it("sendxmpp: a message from a session without roster and presence", async () => {
    const juliet = await RawClient.connect(server);
    await juliet.logIn("juliet");
    await bind(juliet);
    juliet.send("<presence/>");
    await roundTrip(juliet);
    await romeo.logIn("romeo");
    await bind(romeo);
    romeo.send("<message type='chat' to='juliet@localhost'><body>It is my lady</body></message>");
    await juliet.receive(/<message[^>]*from=['"]romeo@localhost\/orchard['"][^>]*><body>It is my lady<\/body>/);
    await juliet.leave();
  });

  it("slixmpp, poezio: disco#info of the node that the stream features announce", async () => {
    const features = await romeo.logIn("romeo");
    const [, capabilities = ""] = /<c( [^>]*)>/.exec(features) ?? [];
    const attribute = (name: string) => new RegExp(` ${name}=['"]([^'"]+)['"]`).exec(capabilities)?.[1] ?? "";
    const node = `${attribute("node")}#${attribute("ver")}`;
    await bind(romeo);
    const query = `<query xmlns='http://jabber.org/protocol/disco#info' node='${node}'/>`;
    romeo.send(`<iq type='get' id='caps' to='${server.domain}'>${query}</iq>`);
    const [answer] = await romeo.receive(/<iq[^>]*id=['"]caps['"][^]*?<\/iq>/);
    assert.match(answer, /type=['"]result['"]/);
    assert.ok(answer.includes(node), answer);
    assert.match(answer, /<identity/);
  });
});
