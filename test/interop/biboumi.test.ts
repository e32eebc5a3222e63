// biboumi (Debian), a gateway to IRC, as an external component (XEP-0114), with ngircd (Debian) behind it.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { biboumi, startBiboumi } from "./support/biboumi.js";
import { IrcClient, startIrcServer, type IrcServer } from "./support/irc.js";
import { RawClient } from "./support/raw-client.js";
import { startRookery, type RookeryUnderTest } from "./support/rookery.js";

const CONFIGURATION = `
[[listeners]]
type = "component"
addresses = ["127.0.0.1"]
port = 0
[components."${biboumi.domain}"]
secret = "${biboumi.secret}"
`;
const BIND = "urn:ietf:params:xml:ns:xmpp-bind";
const COMMANDS = "http://jabber.org/protocol/commands";

describe("biboumi", () => {
  let server: RookeryUnderTest;
  let irc: IrcServer;
  let gateway: { stop(): Promise<void> };
  let romeo: RawClient;
  let mercutio: IrcClient;
  let channel: string;
  before(async () => {
    [server, irc] = await Promise.all([startRookery(["romeo"], CONFIGURATION), startIrcServer()]);
    gateway = await startBiboumi(server.portOf("component"));
    channel = `#verona%${irc.host}@${biboumi.domain}`;
    romeo = await RawClient.connect(server);
    await romeo.logIn("romeo");
    romeo.send(`<iq type='set' id='bind'><bind xmlns='${BIND}'><resource>orchard</resource></bind></iq><presence/>`);
    await romeo.receive(/<presence[^>]*from='romeo@localhost\/orchard'[^>]*\/>/);
    await chooseIrcPort(romeo, `${irc.host}@${biboumi.domain}`, irc.port);
  });
  after(async () => {
    romeo.abandon();
    mercutio.leave();
    await Promise.all([gateway.stop(), server.stop(), irc.stop()]);
  });

  it("is listed", async () => {
    const list = await server.command("component", "list", "--json");
    await list.expect(/"domain":"irc\.localhost","remoteAddress":"127\.0\.0\.1"/);
    await list.finishes();
  });

  it("says what it is", async () => {
    romeo.send(
      `<iq type='get' id='info' to='${biboumi.domain}'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>`,
    );
    await romeo.receive(
      /<iq[^>]*from='irc\.localhost'[^>]*>.*<identity category='conference'[^>]* type='irc'.*<\/iq>/s,
    );
  });

  it("takes a user into a channel, where each sees the other", async () => {
    mercutio = await IrcClient.connect(irc, "mercutio");
    await mercutio.join("#verona");
    romeo.send(`<presence to='${channel}/romeo'><x xmlns='http://jabber.org/protocol/muc'/></presence>`);
    await mercutio.hear(/^:romeo!\S+ JOIN :?#verona$/);
    await romeo.receive(occupant("mercutio"));
    await romeo.receive(/<presence[^>]*from='#verona%[^']*\/romeo'[^>]*>.*?<status code='110'.*?<\/presence>/s);
  });

  it("carries what they say in the channel, both ways", async () => {
    romeo.send(
      `<message type='groupchat' to='${channel}' id='1'><body>Peace, Mercutio &amp; peace: ❤</body></message>`,
    );
    await mercutio.hear(/^:romeo!\S+ PRIVMSG #verona :Peace, Mercutio & peace: ❤$/);
    mercutio.say("PRIVMSG #verona :True, I talk of <dreams>");
    await romeo.receive(said("groupchat", `${channel}/mercutio`, "True, I talk of &lt;dreams&gt;"));
  });

  it("carries what they say to one another alone", async () => {
    const address = `mercutio%${irc.host}@${biboumi.domain}`;
    romeo.send(`<message type='chat' to='${address}'><body>Thou talk'st of nothing</body></message>`);
    await mercutio.hear(/^:romeo!\S+ PRIVMSG mercutio :Thou talk'st of nothing$/);
    mercutio.say("PRIVMSG romeo :Which are the children of an idle brain");
    await romeo.receive(said("chat", address, "Which are the children of an idle brain"));
  });

  it("shows who leaves, on both sides", async () => {
    mercutio.say("PART #verona");
    await romeo.receive(/<presence[^>]*from='#verona%[^']*\/mercutio'[^>]*type='unavailable'/);
    await mercutio.join("#verona");
    await romeo.receive(occupant("mercutio"));
    romeo.send(`<presence to='${channel}/romeo' type='unavailable'/>`);
    await mercutio.hear(/^:romeo!\S+ (?:PART #verona|QUIT)/);
    await romeo.receive(/<presence[^>]*from='#verona%[^']*\/romeo'[^>]*type='unavailable'/);
  });

  it("is missed while it is away, and takes up its work when it is back", async () => {
    await gateway.stop();
    romeo.send(`<message type='chat' to='${biboumi.domain}' id='lost'><body>Where is he?</body></message>`);
    const [answer] = await romeo.receive(/<message[^>]* id='lost'.*?<\/message>/s);
    assert.match(answer, /<service-unavailable .*The component irc\.localhost is not connected\./s);
    gateway = await startBiboumi(server.portOf("component"));
    await chooseIrcPort(romeo, `${irc.host}@${biboumi.domain}`, irc.port);
    romeo.send(`<presence to='${channel}/romeo'><x xmlns='http://jabber.org/protocol/muc'/></presence>`);
    await mercutio.hear(/^:romeo!\S+ JOIN :?#verona$/);
    await romeo.receive(occupant("mercutio"));
  });
});

function occupant(nick: string): RegExp {
  return new RegExp(`<presence[^>]*from='#verona%[^']*/${nick}'[^>]*>.*?<item[^>]*affiliation=.*?</presence>`, "s");
}

function said(type: string, from: string, body: string): RegExp {
  const attributes = `(?=[^>]*type='${type}')(?=[^>]*from='${from.replace(/[.#%]/g, "\\$&")}')`;
  return new RegExp(`<message${attributes}[^>]*>(?:(?!</message>).)*<body[^>]*>${body}</body>`, "s");
}

/** Without this biboumi looks for IRC servers on the ports 6697, 6670 and 6667. Its command fills a form (XEP-0050, XEP-0004). */
async function chooseIrcPort(client: RawClient, address: string, port: number): Promise<void> {
  const command = (id: string, attributes: string, content: string) =>
    client.send(`<iq type='set' id='${id}' to='${address}'><command xmlns='${COMMANDS}' node='configure' ${attributes}>${content}</command></iq>`); // prettier-ignore
  command("ask", "action='execute'", "");
  const [, session] = await client.receive(/<iq[^>]* id='ask'.*?<command[^>]* sessionid='([^']+)'.*?<\/iq>/s);
  const field = (name: string, value: string) => `<field var='${name}'>${value}</field>`;
  const fields = field("ports", `<value>${port}</value>`) + field("tls_ports", "");
  const form = `<x xmlns='jabber:x:data' type='submit'>${fields}</x>`;
  command("choose", `action='complete' sessionid='${session ?? ""}'`, form);
  await client.receive(/<iq[^>]* id='choose'.*?status='completed'.*?<\/iq>/s);
}
