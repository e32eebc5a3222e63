// The runner as a judge: what passes, what fails and how it says so.
import assert from "node:assert/strict";
import test from "node:test";
import { isGood, runScenes, type Outcome } from "../../conformance/runner/run-scenes.js";
import { parseScene } from "../../conformance/scene/parse-scene.js";
import { puppetServer } from "./puppet-server.js";

const romeo = "[Client] Romeo\n\tjid: romeo@localhost\n\tpassword: secret\n\n-----\n";

async function run(action: string, head = "", expectations: Record<string, string> = {}): Promise<Outcome> {
  const scene = parseScene("scene", `${head}${romeo}${action}`);
  const [outcome] = await runScenes({ scenes: [scene], server: puppetServer(), expectations, patience: 300 });
  assert.ok(outcome);
  return outcome;
}

function reasonOf(outcome: Outcome): string {
  return outcome.result === "failed" ? outcome.failure.message : outcome.result;
}

const echo =
  "Romeo connects\nRomeo sends:\n\t<message><body>O</body></message>\nRomeo receives:\n\t<message><body>O</body></message>\n";

test("a scene that goes as written passes", async () => {
  const outcome = await run(echo);
  assert.equal(outcome.result, "passed", reasonOf(outcome));
});

test("a wrong stanza fails, with the line, the difference and what came over the wire", async () => {
  const outcome = await run(echo.replace("receives:\n\t<message><body>O", "receives:\n\t<message><body>A"));
  assert.equal(outcome.result, "failed");
  assert.match(outcome.failure.message, /^scene\.scs:9: Romeo receives: <body\/> should contain 'A', not 'O'/);
  assert.match(outcome.failure.transcripts.get("Romeo")?.join("\n") ?? "", /→ <message><body>O<\/body><\/message>/);
});

test("what does not come is told after the patience", async () => {
  const outcome = await run(echo.replace("<body>O</body>", "<subject>never</subject>"));
  assert.match(reasonOf(outcome), /nothing came within 300 ms/);
});

test("receives nothing: a stanza that is on its way is noticed", async () => {
  const action =
    "Romeo connects\nRomeo sends:\n\t<message><subject>twice</subject></message>\nRomeo receives:\n\t<message/>\n";
  const outcome = await run(`${action}Romeo receives nothing\n`);
  assert.match(reasonOf(outcome), /expected nothing, but came <message .*<subject>twice/);
});

test("receives nothing: when nothing is on its way, the scene goes on", async () => {
  const outcome = await run(`${echo}Romeo receives nothing\n`);
  assert.equal(outcome.result, "passed", reasonOf(outcome));
});

test("in any order, eventually, and one of", async () => {
  const sends = (subject: string) => `Romeo sends:\n\t<message><subject>${subject}</subject></message>\n`;
  const subjects = (...names: string[]) =>
    names.map((name) => `\t<message><subject>${name}</subject></message>\n`).join("");
  const start = `Romeo connects\n${sends("1")}${sends("2")}${sends("3")}`;
  const good = [
    `Romeo receives in any order:\n${subjects("2", "3", "1")}`,
    `Romeo eventually receives:\n${subjects("3")}`,
    `Romeo receives one of:\n${subjects("7", "1")}`,
    `Romeo skips what came\nRomeo receives nothing\n`,
  ];
  for (const action of good) {
    const outcome = await run(start + action);
    assert.equal(outcome.result, "passed", reasonOf(outcome));
  }
  assert.match(
    reasonOf(await run(`${start}Romeo receives one of:\n${subjects("7", "8")}`)),
    /should contain '7', not '1'/,
  );
  assert.match(
    reasonOf(await run(`${start}Romeo eventually receives:\n${subjects("7")}`)),
    /still waits for <message>/,
  );
});

test("what was captured can be said later", async () => {
  const action = `Romeo connects
Romeo sends:
	<message id='m7'/>
Romeo receives:
	<message id='{scansion:capture:mark}'/>
Romeo sends:
	<message id='\${mark}-again'/>
Romeo receives:
	<message id='m7-again' from="\${Romeo's full JID}"/>
`;
  const outcome = await run(action);
  assert.equal(outcome.result, "passed", reasonOf(outcome));
});

test("an action that nobody knows fails the scene", async () => {
  assert.match(reasonOf(await run("Romeo connects\nRomeo flies\n")), /scene\.scs:7: .*nobody knows how one «flies»/);
});

test("what the server does not advertise is not played", async () => {
  const outcome = await run(echo, "# needs: urn:xmpp:ping, sasl PLAIN|sasl SCRAM-SHA-1, !transport tls\n");
  assert.equal(outcome.result, "not advertised");
  assert.deepEqual(outcome.missing, ["urn:xmpp:ping"]);
});

test("scenes with other servers and components need a server that has ports for them", async () => {
  const cast = ["[Server] Mantua\n", "[Component] Gateway\n"];
  const scenes = cast.map((one, index) => parseScene(`scene-${index}`, `${one}-----\n`));
  const outcomes = await runScenes({ scenes, server: puppetServer(), patience: 300 });
  assert.deepEqual(
    outcomes.map((outcome) => (outcome.result === "not advertised" ? outcome.missing : [])),
    [["server"], ["component"]],
  );
});

test("an expected failure is excused, and surprising when it does not happen", async () => {
  const bad = await run("Romeo connects\nRomeo flies\n", "", { scene: "cannot fly" });
  const good = await run(echo, "", { scene: "cannot speak" });
  const perhaps = await run(echo, "", { scene: "sometimes: cannot speak" });
  assert.deepEqual([bad.result, good.result, perhaps.result], ["excused", "surprising", "passed"]);
  assert.deepEqual([isGood([bad]), isGood([good]), isGood([perhaps])], [true, false, true]);
});

test("every scene has accounts of its own, which are removed", async () => {
  const server = puppetServer();
  const named = "Romeo connects\nRomeo finds different: ${Romeo's local part} = romeo\n";
  const scenes = [1, 2, 3].map((number) => parseScene(`scene-${number}`, romeo + named));
  const outcomes = await runScenes({ scenes, server, patience: 300 });
  assert.ok(isGood(outcomes), outcomes.map(reasonOf).join("\n"));
  assert.deepEqual(server.accounts, []);
});
