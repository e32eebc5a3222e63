// Five hundred domains at once that cannot be reached, each in its way: local users notice nothing, every letter comes back.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { test, type TestContext } from "node:test";
import { startNameServer } from "../support/name-server.js";
import { digBlackHole } from "../s2s/support/black-hole.js";
import { pace, told } from "../s2s/support/pace.js";
import { PuppetServer } from "../s2s/support/puppet-server.js";
import { startServerProcess } from "../s2s/support/server-process.js";

const count = 500;
const limits = `
[servers]
connect_timeout = "1s"
negotiation_timeout = "1s"
queue_time = "4s"
back_off = "500ms"
`;
/** The kinds, in turn, and how the sender's error says so. */
const kinds = {
  refused: "connection-refused",
  silent: "stream-timeout",
  swallowed: "connection-timeout",
  speechless: "dns-timeout",
  unknown: "dns-not-found",
} as const;
const names = Object.keys(kinds) as (keyof typeof kinds)[];
const domains = Array.from({ length: count }, (_, index) => `${names[index % names.length] ?? ""}${index}.example`);

test("500 unreachable domains cost local users nothing, and every letter comes back in time (RFC 6120 §8.3.3.16, §8.3.3.17)", async (t) => {
  const users = ["benvolio", "mercutio", "romeo"];
  const verona = await startServerProcess(t, users, await configure(t));
  const elsewhere = await startServerProcess(t, users, ""); // the same machine and the same moments, without the siege
  const [benvolio, mercutio] = [await verona.enter("benvolio"), await verona.enter("mercutio")];
  const [angelica, peter] = [await elsewhere.enter("benvolio"), await elsewhere.enter("mercutio")];
  const romeo = await verona.enter("romeo");
  const isWarm = (exchanged: number): boolean => exchanged >= 300;
  await Promise.all([pace(benvolio, mercutio, isWarm), pace(angelica, peter, isWarm)]);
  const before = await verona.figures();
  const begin = performance.now();
  for (const domain of domains)
    romeo.send(`<message to='x@${domain}' type='chat' id='${domain}'><body>!</body></message>`);
  let returned = 0;
  const isOver = (): boolean => returned >= count;
  const answers = (async () => {
    for (; !isOver(); returned += 1) await romeo.receives(" type='error'");
  })();
  const [besieged, quiet] = await Promise.all([pace(benvolio, mercutio, isOver), pace(angelica, peter, isOver)]);
  await answers;
  const seconds = (performance.now() - begin) / 1000;
  const after = await verona.figures();
  const growth = (after.heap - before.heap) / 2 ** 20;
  t.diagnostic(`without: ${told(quiet)}; with: ${told(besieged)}`);
  t.diagnostic(
    `back after ${seconds.toFixed(1)} s; waiting ${after.mostWaiting} bytes; heap ${growth.toFixed(1)} MiB more; longest work ${after.longestWork.toFixed(0)} ms`,
  );
  for (const domain of domains) {
    const code = kinds[domain.replace(/\d.*/, "") as keyof typeof kinds];
    const condition = code === "dns-not-found" ? "remote-server-not-found" : "remote-server-timeout";
    const error = new RegExp(`id='${domain}'[^>]*><error [^>]*><${condition} [^>]*/><text[^>]*>[^<]*\\(${code}\\)`);
    assert.ok(error.test(romeo.heard), domain);
  }
  await romeo.makesRoundTrip();
  assert.equal(romeo.heard.split(" type='error'").length - 1, count, "a letter came back twice");
  assert.ok(seconds < 4 + 1 + 4, `${seconds} s`); // queue_time, a second until it is noticed, and the machine's own business
  assert.ok(after.longestWork < 200, `${after.longestWork} ms without a break`);
  assert.ok(besieged.p99 < 3 * quiet.p99 + 100, `p99 ${besieged.p99} ms, ${quiet.p99} ms without`);
  assert.ok(after.mostWaiting < count * 1000, `${after.mostWaiting} bytes were waiting`);
  assert.equal(after.waiting, 0);
  assert.ok(growth < 16, `${growth} MiB more`);
});

async function configure(t: TestContext): Promise<string> {
  const nameServer = await startNameServer(t);
  const answer = nameServer.answer.bind(nameServer);
  nameServer.answer = (message, most) => (message.includes("speechless") ? undefined : answer(message, most));
  const silent = await PuppetServer.begin(t, { from: "silent", to: "" });
  const ports: Readonly<Record<string, number>> = {
    refused: await closedPort(),
    silent: silent.port,
    swallowed: await digBlackHole(t),
  };
  const peers = domains.flatMap((domain) => {
    const port = ports[domain.replace(/\d.*/, "")];
    return port === undefined ? [] : [`[peers."${domain}"]\ntargets = ["127.0.0.1:${port}"]\n`];
  });
  return `${limits}[dns]\nservers = ["${nameServer.address}"]\ntimeout = "2s"\n${peers.join("")}`;
}

/** A port where nobody listens (any more). */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
