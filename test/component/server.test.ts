// Components of a whole server on real sockets: listener, log, metrics, reload and shutdown.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test, type TestContext } from "node:test";
import { serverContext } from "../../src/cli/server-context.js";
import { RawClient } from "../support/raw-client.js";
import { RawStage } from "../support/raw-stage.js";

const irc = "irc.verona.example";
const config = `
[[listeners]]
type = "component"
port = 0
[components."${irc}"]
secret = "love-goes-toward-love"
[components."sms.verona.example"]
secret = "as-schoolboys-from-their-books"
`;

async function play(t: TestContext): Promise<RawStage> {
  const stage = new RawStage({ config });
  await stage.start();
  t.after(() => stage.stop());
  return stage;
}

async function connect(stage: RawStage, secret: string): Promise<RawClient> {
  const place = stage.server.listening.find(({ type }) => type === "component");
  const gateway = await RawClient.tcp(place?.port ?? assert.fail("Nothing listens for components."), irc);
  const streams = "xmlns:stream='http://etherx.jabber.org/streams'";
  gateway.send(`<stream:stream xmlns='jabber:component:accept' ${streams} to='${irc}'>`);
  const [, id = ""] = await gateway.receives(/<stream:stream[^>]* id='([^']+)'[^>]*>/);
  gateway.send(
    `<handshake>${createHash("sha1")
      .update(id + secret)
      .digest("hex")}</handshake>`,
  );
  return gateway;
}

function logged(stage: RawStage, event: string): Record<string, unknown>[] {
  const lines = stage.log.map((line) => JSON.parse(line) as Record<string, unknown>);
  return lines.filter((line) => line["event"] === event);
}

/** What a scrape says of components. */
async function figures(stage: RawStage): Promise<readonly string[]> {
  const { text } = await stage.server.metrics.report();
  return text.split("\n").filter((line) => line.includes("component"));
}

test("the log and the list say who came, who was refused and who left", async (t) => {
  const stage = await play(t);
  const romeo = await stage.login("romeo");
  const wrong = await connect(stage, "guess");
  await wrong.endsWith("not-authorized");
  const [refused] = logged(stage, "component-refused");
  assert.deepEqual(
    [refused?.["component"], refused?.["reason"], refused?.["address"]],
    [irc, "not-authorized", "127.0.0.1"],
  );

  const gateway = await connect(stage, "love-goes-toward-love");
  await gateway.receives("<handshake/>");
  assert.equal(logged(stage, "component-connected")[0]?.["component"], irc);
  romeo.send(`<presence to='#verona@${irc}/romeo'/>`);
  await gateway.receives(/<presence[^>]* to='#verona@irc\.verona\.example\/romeo'[^>]*\/>/);
  const { server } = serverContext(stage.server, { reload: () => Promise.reject(new Error()), stop: () => undefined });
  const listed = server?.components().map(({ domain, remoteAddress, waiting }) => [domain, remoteAddress, waiting]);
  assert.deepEqual(listed, [
    [irc, "127.0.0.1", 0],
    ["sms.verona.example", null, null],
  ]);
  const scraped = await figures(stage);
  assert.ok(scraped.includes("rookery_components 1"), scraped.join("\n"));
  assert.ok(scraped.includes('rookery_component_stanzas{direction="sent",kind="presence"} 1'), scraped.join("\n"));

  gateway.send(`<message from='verona.example' to='${romeo.jid}'/>`);
  await gateway.endsWith("invalid-from");
  const [closed] = logged(stage, "component-closed");
  assert.deepEqual(
    [closed?.["component"], closed?.["reason"]],
    [irc, `invalid-from: A stanza's 'from' must be of ${irc}.`],
  );
});

test("when the server stops, components hear that the users have gone before they are told themselves", async (t) => {
  const stage = await play(t);
  const gateway = await connect(stage, "love-goes-toward-love");
  await gateway.receives("<handshake/>");
  const romeo = await stage.enter("romeo");
  romeo.send(`<presence to='#verona@${irc}/romeo'/>`);
  await gateway.receives(/<presence[^>]* to='#verona@irc\.verona\.example\/romeo'[^>]*\/>/);
  await stage.server.stop();
  await gateway.receives(/<presence[^>]* type='unavailable'[^>]*\/>/);
  await gateway.endsWith("system-shutdown");
});
