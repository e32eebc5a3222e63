// Commands to a running server, through its control socket.
import assert from "node:assert/strict";
import { mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import type { ControlServer } from "../../src/cli/control/server.js";
import { makeServer, runServer, sessionOf, type FakeServer } from "./support/fake-server.js";
import { makeContext, makeDirectory, makeTerminal, type, type FakeTerminal, type Outcome } from "./support/stage.js";

let directory: { path: string; clean: () => Promise<void> };
let server: FakeServer;
let control: ControlServer;
let onStop = (): void => undefined;
/** Nothing is to be had from this one: what is found must have come through the socket. */
const offline = makeContext(["localhost"]);

beforeEach(async () => {
  directory = await makeDirectory();
  await mkdir(join(directory.path, "data"));
  server = makeServer(() => onStop());
  ({ control } = await runServer(join(directory.path, "data"), server));
});
afterEach(async () => {
  await control.close();
  await directory.clean();
});

function rookery(line: string, input = ""): Promise<Outcome> {
  return type(line, makeTerminal({ directory: directory.path, input }), offline);
}

/** Starts a command that goes on, and waits until it looks on. */
async function watching(line: string): Promise<{ terminal: FakeTerminal; ended: Promise<Outcome> }> {
  const terminal = makeTerminal({ directory: directory.path });
  const ended = type(line, terminal, offline);
  await until(() => server.trace.isActive);
  return { terminal, ended };
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

const stanza = {
  kind: "message",
  from: "romeo@localhost/orchard",
  to: "juliet@localhost",
  toXml: () => "<message to='juliet@localhost'><body>wherefore</body></message>",
};

test("the socket is for the server's user alone", async () => {
  assert.equal((await stat(join(directory.path, "data", "control.sock"))).mode & 0o777, 0o600);
});

test("accounts are those of the running server", async () => {
  assert.equal((await rookery("user create juliet@localhost --password-stdin", "wherefore\n")).exit, 0);
  server.open.push(sessionOf("juliet@localhost/balcony"));
  assert.match((await rookery("user show juliet@localhost")).out, /Sessions: +juliet@localhost\/balcony\n/);
  const again = await rookery("user create juliet@localhost --generate");
  assert.deepEqual(again, { exit: 1, out: "", err: "Error: juliet@localhost exists already\n" });
});

test("an import goes through the socket in batches", async () => {
  const rows = Array.from({ length: 450 }, (_, number) => `citizen${number}@localhost,x`);
  const { exit, out } = await rookery("user import", ["address,password", ...rows].join("\n"));
  assert.equal(exit, 0);
  assert.match(out, /^Created 450 accounts in [\d.]+ s\.\n$/);
});

test("sessions are listed and closed", async () => {
  assert.equal((await rookery("session list")).out, "Nobody is connected.\n");
  server.open.push(sessionOf("juliet@localhost/balcony"));
  assert.match(
    (await rookery("session list")).out,
    /^ADDRESS .*\njuliet@localhost\/balcony  away \(5\)  127\.0\.0\.1  tcp, TLSv1\.3 \S+  SCRAM-SHA-256-PLUS  2 h +1 min\n$/,
  );
  const closed = await rookery("session close juliet@localhost --reason 'Good night'");
  assert.equal(closed.out, "Closed 1 session: juliet@localhost/balcony\n");
  assert.deepEqual(server.asked, ["close juliet@localhost: Good night"]);
  assert.equal((await rookery("session close romeo@localhost")).err, "Error: romeo@localhost has no session.\n");
  assert.equal((await rookery("session close localhost")).exit, 2);
});

test("components are listed, those that are not connected too", async () => {
  const { out } = await rookery("component list");
  assert.match(
    out,
    /^DOMAIN .*\nirc\.localhost +127\.0\.0\.1 +2 h +1 min +nothing\nsms\.localhost +not connected\s*\n$/,
  );
  const { components } = JSON.parse((await rookery("component list --json")).out) as { components: object[] };
  const sms = { domain: "sms.localhost", remoteAddress: null, startedAt: null, lastReceivedAt: null, waiting: null };
  assert.deepEqual(components[1], sms);
});

test("a message is sent as the server", async () => {
  await rookery("user create juliet@localhost --generate");
  const sent = await rookery("send juliet@localhost 'The feast is over' --subject Feast --type headline");
  assert.equal(sent.out, "Sent to juliet@localhost as localhost; nobody is connected there.\n");
  assert.deepEqual(server.asked, ["headline localhost → juliet@localhost: Feast: The feast is over"]);
  assert.equal((await rookery("send romeo@localhost hello")).err, "Error: There is no account romeo@localhost.\n");
  const wrong = await rookery("send juliet@localhost hello --type sonnet");
  assert.deepEqual([wrong.exit, wrong.err], [2, 'Error: "sonnet" is not one of normal, chat, headline.\n']);
});

test("a trace shows stanzas as they go, without their text, until Ctrl-C", async () => {
  const { terminal, ended } = await watching("trace juliet@localhost");
  server.trace.received(stanza, "romeo@localhost/orchard");
  server.trace.stage(stanza, "guard", "blocking", "refused: service-unavailable");
  await until(() => terminal.written.out.includes("blocking"));
  terminal.signal("stop");
  const xml = "    <message to='juliet@localhost'><body>[9 characters]</body></message>";
  const way = "message romeo@localhost/orchard → juliet@localhost";
  assert.deepEqual(await ended, {
    exit: 0,
    out: [
      `12:00:00.000 in  → ${way}`,
      xml,
      `12:00:00.000     · ${way}  guard: blocking refused: service-unavailable`,
      xml,
      "",
    ].join("\n"),
    err: "",
  });
  await until(() => !server.trace.isActive);
});

test("a trace as JSON is one event a line, and ends when the server does", async () => {
  const { terminal, ended } = await watching("trace localhost --json");
  server.trace.sent(stanza);
  await until(() => terminal.written.out !== "");
  await control.close();
  const { exit, out } = await ended;
  const event = JSON.parse(out) as Record<string, unknown>;
  assert.deepEqual([exit, event["direction"], event["kind"], event["dropped"]], [0, "out", "message", 0]);
});

test("a component is traced like a host, and nobody else is", async () => {
  const { terminal, ended } = await watching("trace irc.localhost");
  server.trace.sent({ ...stanza, to: "#verona@irc.localhost/romeo" }, "irc.localhost");
  await until(() => terminal.written.out !== "");
  terminal.signal("stop");
  assert.match((await ended).out, /out ← message romeo@localhost\/orchard → #verona@irc\.localhost\/romeo\n/);
  const refused = await rookery("trace xmpp.localhost");
  assert.deepEqual([refused.exit, refused.err], [1, "Error: xmpp.localhost is not served here. Served: localhost.\n"]);
});

test("reload tells what needs a restart", async () => {
  const { out } = await rookery("reload");
  assert.equal(out, "Reloaded /etc/rookery.toml.\nThese changes count after a restart: listeners\n");
});

test("stop waits until the server has stopped", async () => {
  let isStopped = false;
  onStop = () => {
    setImmediate(() => {
      isStopped = true;
      control.close().catch(assert.ifError);
    });
  };
  assert.deepEqual(await rookery("stop"), { exit: 0, out: "Stopping process 1597 …\n", err: "" });
  assert.equal(isStopped, true);
  assert.match(
    (await rookery("stop")).err,
    /^Error: No server is running on .*\/data\. Start it with: rookery start\n$/,
  );
});

test("a roster is shown", async () => {
  await rookery("user create juliet@localhost --generate");
  assert.equal((await rookery("roster show juliet@localhost")).out, "The roster is empty.\n");
  assert.equal((await rookery("roster show romeo@localhost")).exit, 1);
});
