// Domains that extensions serve: other servers reach them and believe them, as they do their hosts.
import assert from "node:assert/strict";
import { test } from "node:test";
import { buildStanza, type Extension, extension, type Stanza } from "../../src/extension/index.js";
import { World } from "./support/world.js";

/** Says back whatever it is told. */
const globe: Extension<unknown> = extension({
  name: "globe",
  sentence: "Plays.",
  services: (_, host) => [`globe.${host}`],
  start(host) {
    const receive = ({ from, to, id }: Stanza): void =>
      service.send(buildStanza("message", { from: to, to: from, id: `again-${id ?? ""}`, type: "chat" }));
    const service = host.openService(`globe.${host.jid.domain}`, { receive });
  },
});

/** Verona with a theatre, and Mantua, which knows the way. */
async function tour(world: World, dns: readonly string[], ofMantua = "", ofVerona = "") {
  const play = { certificate: { dns }, config: `[servers]\n${ofVerona}`, extensions: [globe] };
  const verona = await world.server("verona.example", play);
  const peers = verona.asPeer() + verona.asPeer().replace("verona", "globe.verona");
  const mantua = await world.server("mantua.example", { config: peers + ofMantua });
  await verona.knows(mantua);
  return { verona, mantua, romeo: await mantua.enter("romeo") };
}

test("a service is reached from another server, and answers, by certificates that name it", async (t) => {
  const { verona, mantua, romeo } = await tour(await World.begin(t), ["verona.example", "globe.verona.example"]);
  romeo.send("<message to='hamlet@globe.verona.example/stage' type='chat' id='m1'><body>To be?</body></message>");
  await romeo.receives(/<message[^>]*from='hamlet@globe.verona.example\/stage'[^>]*id='again-m1'/);
  const { local, remote, weProved, theyProved } = await mantua.logged("s2s-opened");
  assert.deepEqual([local, remote], ["mantua.example", "globe.verona.example"]);
  assert.deepEqual([weProved, theyProved], ["certificate", "certificate"]);
  assert.ok(verona.log.some(({ event, local }) => event === "s2s-accepted" && local === "globe.verona.example"));
});

test("a certificate that names the host alone proves nothing of its service: dialback does, where that is enough", async (t) => {
  const trusting = "[federation]\nrequire_certificate = false\n[servers]\nbidirectional = false\n";
  const { mantua, romeo } = await tour(await World.begin(t), ["verona.example"], trusting);
  romeo.send("<message to='hamlet@globe.verona.example' type='chat' id='m1'><body>To be?</body></message>");
  await romeo.receives(/<message[^>]*from='hamlet@globe.verona.example'[^>]*id='again-m1'/);
  const { remote, local, theyProved } = await mantua.logged("s2s-accepted");
  assert.deepEqual([local, remote, theyProved], ["mantua.example", "globe.verona.example", "dialback"]);
});

test("a service of a host that does not federate is not reached", async (t) => {
  const alone = '[hosts."verona.example".federation]\nenabled = false\n';
  const dns = ["verona.example", "globe.verona.example"];
  const { mantua, romeo } = await tour(await World.begin(t), dns, "", alone);
  romeo.send("<message to='hamlet@globe.verona.example' type='chat' id='m1'><body>To be?</body></message>");
  const { remote, text } = await mantua.logged("s2s-failed");
  assert.equal(remote, "globe.verona.example");
  assert.match(String(text), /globe\.verona\.example does not exchange stanzas with other servers/);
});
