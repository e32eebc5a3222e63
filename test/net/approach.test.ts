// Connecting to the servers of a domain: order, races, failures.
import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { Approach, ConnectError } from "../../src/net/approach.js";
import { LookupError } from "../../src/net/locator.js";
import { approach, closedPort, next, openDoor } from "./support/approach.js";
import { stageWith } from "./support/locator.js";

test("the first address of the first target is connected to, and nothing else is touched", async (t) => {
  const first = await openDoor(t, "127.0.2.1");
  const setting = approach(t, [`xmpp.verona.example:${first.port}`, "tls:other.verona.example"], {
    "xmpp.verona.example": ["127.0.2.1", "127.0.2.2"],
  });
  const { socket, target, address } = await next(t, setting.approach);
  assert.deepEqual([target.host, address, socket.remoteAddress], ["xmpp.verona.example", "127.0.2.1", "127.0.2.1"]);
  assert.deepEqual(setting.told, ["127.0.2.1 connected"]);
  assert.deepEqual(setting.tried, ["127.0.2.1"]);
});

test("the socket is handed over bare and works both ways, half-open too", async (t) => {
  const door = await openDoor(t, "127.0.2.1");
  const setting = approach(t, [`127.0.2.1:${door.port}`], { "127.0.2.1": ["127.0.2.1"] });
  const { socket } = await next(t, setting.approach);
  for (const event of ["connect", "error", "timeout", "data", "close"])
    assert.equal(socket.listenerCount(event), 0, event);
  assert.equal(socket.allowHalfOpen, true);
  await new Promise<void>((resolve) => setImmediate(resolve)); // the listener may hear of it later than we
  const [other] = door.connections;
  other?.end("O Romeo, Romeo!");
  const [heard] = (await once(socket, "data")) as [Buffer];
  assert.equal(heard.toString(), "O Romeo, Romeo!");
  await once(socket, "end");
  assert.equal(socket.writable, true);
});

test("families take turns, IPv6 first, and a refusal brings the next at once", async (t) => {
  const door = await openDoor(t, "127.0.2.9");
  const setting = approach(
    t,
    [`xmpp.verona.example:${door.port}`],
    { "xmpp.verona.example": ["127.0.2.1", "127.0.2.9", "::1", "::2"] },
    { attemptDelay: 60_000 },
  );
  const { address } = await next(t, setting.approach);
  assert.equal(address, "127.0.2.9");
  assert.deepEqual(setting.tried, ["::1", "127.0.2.1", "::2", "127.0.2.9"]);
  assert.equal(setting.told.at(-1), "127.0.2.9 connected");
  assert.equal(setting.told[1], "127.0.2.1 refused");
});

test("an address that keeps silent is left behind, and its socket is destroyed", async (t) => {
  const door = await openDoor(t, "127.0.2.2");
  const setting = approach(
    t,
    [`xmpp.verona.example:${door.port}`],
    { "xmpp.verona.example": ["127.0.2.1", "127.0.2.2"] },
    { attemptDelay: 20, delays: { "127.0.2.1": Infinity } },
  );
  const { address } = await next(t, setting.approach);
  assert.equal(address, "127.0.2.2");
  assert.deepEqual(setting.told, ["127.0.2.2 connected", "127.0.2.1 abandoned"]);
  assert.equal(setting.held[0]?.destroyed, true);
});

test("an address that is a little slower than its start wins, and the one tried beside it is closed", async (t) => {
  const port = await closedPort("127.0.2.1");
  await openDoor(t, "127.0.2.1", port);
  const other = await openDoor(t, "127.0.2.2", port);
  const setting = approach(
    t,
    [`xmpp.verona.example:${port}`],
    { "xmpp.verona.example": ["127.0.2.1", "127.0.2.2"] },
    { attemptDelay: 20, delays: { "127.0.2.1": 60, "127.0.2.2": 10_000 } },
  );
  const { address } = await next(t, setting.approach);
  assert.equal(address, "127.0.2.1");
  assert.deepEqual(setting.tried, ["127.0.2.1", "127.0.2.2"]);
  assert.ok(setting.told.includes("127.0.2.2 abandoned"));
  assert.equal(other.connections.length, 0);
});

test("a target that swallows everything holds the next one up for six delays, not longer", async (t) => {
  const door = await openDoor(t, "127.0.2.2");
  const targets = [`romeo.example:${door.port}`, `juliet.example:${door.port}`];
  const addresses = { "romeo.example": ["127.0.2.1"], "juliet.example": ["127.0.2.2"] };
  const setting = approach(t, targets, addresses, { attemptDelay: 50, delays: { "127.0.2.1": Infinity } });
  const began = performance.now();
  const { target } = await next(t, setting.approach);
  const took = performance.now() - began;
  assert.equal(target.host, "juliet.example");
  assert.ok(took >= 290 && took < 4_000, `it took ${took} ms`);
});

test("a preferred target that is merely slow wins over the next one", async (t) => {
  const port = await closedPort("127.0.2.1");
  await openDoor(t, "127.0.2.1", port);
  await openDoor(t, "127.0.2.2", port);
  const targets = [`romeo.example:${port}`, `juliet.example:${port}`];
  const addresses = { "romeo.example": ["127.0.2.1"], "juliet.example": ["127.0.2.2"] };
  const setting = approach(t, targets, addresses, { attemptDelay: 500, delays: { "127.0.2.1": 600 } });
  assert.equal((await next(t, setting.approach)).target.host, "romeo.example");
  assert.deepEqual(setting.tried, ["127.0.2.1"]);
});

test("a target whose addresses are slow to find holds nobody up, and may still win", async (t) => {
  const door = await openDoor(t, "127.0.2.1");
  let find = (_addresses: readonly string[]): void => assert.fail("nobody asked");
  const finding = new Promise<readonly string[]>((resolve) => (find = resolve));
  const setting = approach(
    t,
    [`romeo.example:${door.port}`, `juliet.example:${door.port}`],
    { "romeo.example": finding, "juliet.example": ["127.0.2.2"] },
    { attemptDelay: 20, delays: { "127.0.2.2": Infinity }, watch: () => undefined },
  );
  const connecting = next(t, setting.approach);
  while (setting.tried.length === 0) await new Promise<void>((resolve) => setImmediate(resolve));
  assert.deepEqual(setting.tried, ["127.0.2.2"]);
  find(["127.0.2.1"]);
  assert.equal((await connecting).target.host, "romeo.example");
  assert.equal(setting.held[0]?.destroyed, true);
});

test("a caller who finds a target useless gets the next ones, the losers of the race last, none twice", async (t) => {
  const port = await closedPort("127.0.2.1");
  const slow = await openDoor(t, "127.0.2.1", port);
  for (const address of ["127.0.2.2", "127.0.2.3"]) await openDoor(t, address, port);
  const setting = approach(
    t,
    [`romeo.example:${port}`, `juliet.example:${port}`, `tybalt.example:${port}`, `nobody.example:${port}`],
    { "romeo.example": ["127.0.2.1"], "juliet.example": ["127.0.2.2"], "tybalt.example": ["127.0.2.3"] },
    { attemptDelay: 10, delays: { "127.0.2.1": 200 } },
  );
  const hosts: string[] = [];
  for (let turn = 0; turn < 3; turn++) hosts.push((await next(t, setting.approach)).target.host);
  assert.deepEqual(hosts, ["juliet.example", "tybalt.example", "romeo.example"]);
  assert.equal(setting.tried.filter((address) => address === "127.0.2.1").length, 2);
  await assert.rejects(setting.approach.next(), LookupError);
  await assert.rejects(setting.approach.next(), LookupError);
  assert.ok(slow.connections.length <= 1, "the try that lost was never made");
});

test("when nobody listens, the error says so, with every address", async (t) => {
  const port = await closedPort("127.0.2.1");
  const setting = approach(t, [`romeo.example:${port}`, `juliet.example:${port}`, "nobody.example"], {
    "romeo.example": ["127.0.2.1", "127.0.2.2"],
    "juliet.example": ["127.0.2.3"],
  });
  await assert.rejects(setting.approach.next(), (error: unknown) => {
    assert.ok(error instanceof ConnectError);
    assert.equal(error.problem, "connection-refused");
    assert.equal(
      error.message,
      `127.0.2.1 port ${port} refuses connections; 127.0.2.2 port ${port} refuses connections; ` +
        `127.0.2.3 port ${port} refuses connections. ` +
        "The machine is up, but nothing listens there: is the server running, is it the right port?",
    );
    assert.deepEqual(error.steps, setting.steps);
    return true;
  });
});

test("an address that never answers has its time, and the error tells the most telling thing first", async (t) => {
  const silent = ["127.0.2.1", "127.0.2.2", "127.0.2.3", "127.0.2.4", "127.0.2.5"];
  const delays = Object.fromEntries(silent.map((address) => [address, Infinity]));
  const port = await closedPort("127.0.2.9");
  const targets = [`romeo.example:${port}`];
  const options = { connectTimeout: 40, attemptDelay: 5, delays };
  const setting = approach(t, targets, { "romeo.example": silent }, options);
  await assert.rejects(setting.approach.next(), { problem: "connection-timeout" });
  assert.deepEqual(
    setting.told.toSorted(),
    silent.map((address) => `${address} timeout`),
  );
  assert.ok(setting.held.every((socket) => socket.destroyed));
  const mixed = approach(t, targets, { "romeo.example": [...silent, "127.0.2.9"] }, options);
  await assert.rejects(mixed.approach.next(), {
    problem: "connection-refused",
    message: new RegExp(
      `^127\\.0\\.2\\.9 port ${port} refuses connections; .* does not answer; 2 more addresses failed\\. The`,
    ),
  });
});

test("an address that can't be reached from here is said so", async (t) => {
  const setting = approach(t, ["romeo.example"], { "romeo.example": ["255.255.255.255"] });
  await assert.rejects(setting.approach.next(), (error: unknown) => {
    assert.ok(error instanceof ConnectError);
    assert.match(error.problem, /^connection-(?:unreachable|failed)$/); // a matter of the system
    assert.match(error.message, /^255\.255\.255\.255 port 5269 /);
    return true;
  });
});

test("without any address the error is that of the look-up; without any target there is nothing to try", async (t) => {
  const one = approach(t, ["nobody.example"], {});
  await assert.rejects(one.approach.next(), {
    problem: "dns-not-found",
    message: "DNS knows no address of nobody.example.",
  });
  const two = approach(t, ["nobody.example", "nowhere.example"], {});
  await assert.rejects(two.approach.next(), {
    problem: "dns-not-found",
    message: "DNS knows no address of nobody.example.",
  });
  const none = approach(t, [], {});
  await assert.rejects(none.approach.next(), {
    problem: "connection-failed",
    message: "There is no server left to try.",
  });
});

test("an approach that is abandoned destroys what is under way and tries nothing more", async (t) => {
  const door = await openDoor(t, "127.0.2.1");
  const setting = approach(
    t,
    [`romeo.example:${door.port}`, `juliet.example:${door.port}`],
    { "romeo.example": ["127.0.2.2", "127.0.2.3"], "juliet.example": ["127.0.2.1"] },
    { attemptDelay: 5, delays: { "127.0.2.2": Infinity, "127.0.2.3": Infinity } },
  );
  const connecting = setting.approach.next();
  await assert.rejects(setting.approach.next(), /the last connection is still being made/);
  while (setting.tried.length < 2) await new Promise<void>((resolve) => setImmediate(resolve));
  setting.approach.abandon();
  await assert.rejects(connecting, ConnectError);
  assert.ok(setting.held.every((socket) => socket.destroyed));
  assert.deepEqual(setting.told, ["127.0.2.2 abandoned", "127.0.2.3 abandoned"]);
  await assert.rejects(setting.approach.next(), ConnectError);
  assert.deepEqual(setting.tried, ["127.0.2.2", "127.0.2.3"]);
});

test("connections that were given stay when the approach is abandoned", async (t) => {
  const door = await openDoor(t, "127.0.2.1");
  const setting = approach(t, [`127.0.2.1:${door.port}`], { "127.0.2.1": ["127.0.2.1"] });
  const { socket } = await next(t, setting.approach);
  setting.approach.abandon();
  assert.equal(socket.destroyed, false);
});

test("from the domain to the connection: DNS, the race, the next target", async (t) => {
  const port = await closedPort("127.0.2.1");
  await openDoor(t, "127.0.2.2", port);
  const { locator } = await stageWith(t, [
    `_xmpps-server._tcp.verona.example SRV 0 5 ${port} gone.verona.example`,
    `_xmpp-server._tcp.verona.example SRV 1 5 ${port} dead.verona.example`,
    `_xmpp-server._tcp.verona.example SRV 2 5 ${port} xmpp.verona.example`,
    "dead.verona.example A 127.0.2.1",
    "xmpp.verona.example A 127.0.2.2",
  ]);
  const real = new Approach(await locator.locate("verona.example"), locator, { connectTimeout: 5_000 });
  const { target, address } = await next(t, real);
  assert.deepEqual([target.host, target.isDirectTls, address], ["xmpp.verona.example", false, "127.0.2.2"]);
  await assert.rejects(real.next(), { problem: "connection-refused" });
});
