// Connecting to the servers of a domain: order, races, failures.
import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { Approach, ConnectError } from "../../src/net/approach.js";
import { LookupError } from "../../src/net/locator.js";
import { ApproachStage, closedPort, openDoor, settled } from "./support/approach.js";
import { stageWith } from "./support/locator.js";

test("the first address of the first target is connected to, and nothing else is touched", async (t) => {
  const { port } = await openDoor(t, "127.0.2.1");
  const stage = new ApproachStage(t, [`xmpp.verona.example:${port}`, "tls:other.verona.example"], {
    hosts: { "xmpp.verona.example": ["127.0.2.1", "127.0.2.2"] },
  });
  const { socket, target, address } = await stage.next();
  assert.deepEqual([target.host, address, socket.remoteAddress], ["xmpp.verona.example", "127.0.2.1", "127.0.2.1"]);
  await stage.advance(60_000);
  assert.deepEqual(stage.told, ["127.0.2.1 connected"]);
  assert.deepEqual(stage.tried, ["127.0.2.1"]);
});

test("the socket is handed over bare, and half-open", async (t) => {
  const door = await openDoor(t, "127.0.2.1");
  const stage = new ApproachStage(t, [`127.0.2.1:${door.port}`], { hosts: { "127.0.2.1": ["127.0.2.1"] } });
  const { socket } = await stage.next();
  for (const event of ["connect", "error", "timeout", "data", "close"])
    assert.equal(socket.listenerCount(event), 0, event);
  while (door.connections.length === 0) await settled();
  door.connections[0]?.end("O Romeo, Romeo!");
  const [heard] = (await once(socket, "data")) as [Buffer];
  assert.equal(heard.toString(), "O Romeo, Romeo!");
  await once(socket, "end");
  assert.equal(socket.writable, true);
});

test("families take turns, IPv6 first, and a refusal brings the next at once", async (t) => {
  const { port } = await openDoor(t, "127.0.2.9");
  const stage = new ApproachStage(t, [`xmpp.verona.example:${port}`], {
    hosts: { "xmpp.verona.example": ["127.0.2.1", "127.0.2.9", "::1", "::ffff:127.0.2.5"] },
  });
  assert.equal((await stage.next()).address, "127.0.2.9");
  assert.deepEqual(stage.tried, ["::1", "127.0.2.1", "::ffff:127.0.2.5", "127.0.2.9"]);
  assert.equal(stage.told[1], "127.0.2.1 refused");
});

test("an address has a quarter of a second before the next is tried too; the socket of the loser is destroyed", async (t) => {
  const { port } = await openDoor(t, "127.0.2.2");
  const stage = new ApproachStage(t, [`xmpp.verona.example:${port}`], {
    hosts: { "xmpp.verona.example": ["127.0.2.1", "127.0.2.2"] },
    held: ["127.0.2.1"],
  });
  const connecting = stage.next();
  await stage.advance(249);
  assert.deepEqual(stage.tried, ["127.0.2.1"]);
  await stage.advance(1);
  assert.equal((await connecting).address, "127.0.2.2");
  assert.deepEqual(stage.told, ["127.0.2.2 connected", "127.0.2.1 abandoned"]);
  assert.equal(stage.sockets[0]?.socket.destroyed, true);
});

test("an address that answers after its head start wins if it is first all the same", async (t) => {
  const { port } = await openDoor(t, "127.0.2.1");
  const stage = new ApproachStage(t, [`xmpp.verona.example:${port}`], {
    hosts: { "xmpp.verona.example": ["127.0.2.1", "127.0.2.2"] },
    held: ["127.0.2.1", "127.0.2.2"],
  });
  const connecting = stage.next();
  await stage.advance(250);
  assert.deepEqual(stage.tried, ["127.0.2.1", "127.0.2.2"]);
  stage.release("127.0.2.1");
  assert.equal((await connecting).address, "127.0.2.1");
  assert.deepEqual(stage.told, ["127.0.2.1 connected", "127.0.2.2 abandoned"]);
  assert.equal(stage.sockets[1]?.socket.destroyed, true);
});

test("a target that swallows everything holds the next up for a second and a half, not longer", async (t) => {
  const { port } = await openDoor(t, "127.0.2.3");
  const stage = new ApproachStage(t, [`romeo.example:${port}`, `juliet.example:${port}`], {
    hosts: { "romeo.example": ["127.0.2.1", "127.0.2.2"], "juliet.example": ["127.0.2.3"] },
    held: ["127.0.2.1", "127.0.2.2"],
  });
  const connecting = stage.next();
  await stage.advance(250);
  await stage.advance(1_499);
  assert.deepEqual(stage.tried, ["127.0.2.1", "127.0.2.2"]);
  await stage.advance(1);
  assert.equal((await connecting).target.host, "juliet.example");
  assert.ok(stage.sockets.every(({ socket }) => socket.destroyed));
});

test("a preferred target that is slow wins, even beside the next one", async (t) => {
  const { port } = await openDoor(t, "127.0.2.1");
  for (const wait of [1_499, 10_000]) {
    await t.test(`after ${wait} ms`, async (t) => {
      const stage = new ApproachStage(t, [`romeo.example:${port}`, `juliet.example:${port}`], {
        hosts: { "romeo.example": ["127.0.2.1"], "juliet.example": ["127.0.2.2"] },
        held: ["127.0.2.1", "127.0.2.2"],
      });
      const connecting = stage.next();
      await stage.advance(wait);
      stage.release("127.0.2.1");
      assert.equal((await connecting).target.host, "romeo.example");
    });
  }
});

test("a target whose addresses are slow to find holds nobody up, and may still win", async (t) => {
  const { port } = await openDoor(t, "127.0.2.1");
  let find = (_addresses: readonly string[]): void => assert.fail("nobody asked");
  const finding = new Promise<readonly string[]>((resolve) => (find = resolve));
  const stage = new ApproachStage(t, [`romeo.example:${port}`, `juliet.example:${port}`], {
    hosts: { "romeo.example": finding, "juliet.example": ["127.0.2.2"] },
    held: ["127.0.2.2"],
  });
  const connecting = stage.next();
  await stage.advance(1_500);
  assert.deepEqual(stage.tried, ["127.0.2.2"]);
  find(["127.0.2.1"]);
  assert.equal((await connecting).target.host, "romeo.example");
  assert.deepEqual(stage.told, ["127.0.2.1 connected", "127.0.2.2 abandoned"]);
});

test("addresses that are found when the race is over are not tried", async (t) => {
  const { port } = await openDoor(t, "127.0.2.2");
  let find = (_addresses: readonly string[]): void => assert.fail("nobody asked");
  const finding = new Promise<readonly string[]>((resolve) => (find = resolve));
  const stage = new ApproachStage(t, [`romeo.example:${port}`, `juliet.example:${port}`], {
    hosts: { "romeo.example": finding, "juliet.example": ["127.0.2.2"] },
  });
  const connecting = stage.next();
  await stage.advance(1_500);
  assert.equal((await connecting).target.host, "juliet.example");
  find(["127.0.2.1"]);
  await stage.advance(60_000);
  assert.deepEqual(stage.tried, ["127.0.2.2"]);
});

test("a caller who finds a target useless gets the next ones, the losers of the race last, none twice", async (t) => {
  const port = await closedPort("127.0.2.1");
  for (const address of ["127.0.2.1", "127.0.2.2", "127.0.2.3"]) await openDoor(t, address, port);
  const targets = ["romeo", "juliet", "tybalt", "nobody"].map((name) => `${name}.example:${port}`);
  const stage = new ApproachStage(t, targets, {
    hosts: { "romeo.example": ["127.0.2.1"], "juliet.example": ["127.0.2.2"], "tybalt.example": ["127.0.2.3"] },
    held: ["127.0.2.1"],
  });
  const first = stage.next();
  await stage.advance(1_500);
  assert.equal((await first).target.host, "juliet.example");
  assert.equal((await stage.next()).target.host, "tybalt.example");
  const last = stage.next();
  await settled();
  stage.release("127.0.2.1");
  assert.equal((await last).target.host, "romeo.example");
  await assert.rejects(stage.next(), LookupError);
  await assert.rejects(stage.next(), LookupError);
  assert.deepEqual(stage.tried, ["127.0.2.1", "127.0.2.2", "127.0.2.3", "127.0.2.1"]);
});

test("when nobody listens, the error says so, with every address", async (t) => {
  const port = await closedPort("127.0.2.1");
  const stage = new ApproachStage(t, [`romeo.example:${port}`, `juliet.example:${port}`, "nobody.example"], {
    hosts: { "romeo.example": ["127.0.2.1", "127.0.2.2"], "juliet.example": ["127.0.2.3"] },
  });
  await assert.rejects(stage.next(), (error: unknown) => {
    assert.ok(error instanceof ConnectError);
    assert.equal(error.problem, "connection-refused");
    assert.equal(
      error.message,
      `127.0.2.1 port ${port} refuses connections; 127.0.2.2 port ${port} refuses connections; ` +
        `127.0.2.3 port ${port} refuses connections. ` +
        "The machine is up, but nothing listens there: is the server running, is it the right port?",
    );
    assert.deepEqual(error.steps, stage.steps);
    return true;
  });
});

test("an address that never answers has its time", async (t) => {
  const silent = ["127.0.2.1", "127.0.2.2"];
  const stage = new ApproachStage(t, ["romeo.example"], { hosts: { "romeo.example": silent }, held: silent });
  const connecting = assert.rejects(stage.next(), {
    problem: "connection-timeout",
    message:
      "127.0.2.1 port 5269 does not answer; 127.0.2.2 port 5269 does not answer. " +
      "The machine is down, or a firewall on either side drops what we send.",
  });
  await stage.advance(250);
  await stage.advance(29_750);
  assert.deepEqual(stage.told, ["127.0.2.1 timeout"]);
  await stage.advance(250);
  await connecting;
  assert.ok(stage.sockets.every(({ socket }) => socket.destroyed));
});

test("of many failures the error tells the most telling ones, and how many more there are", async (t) => {
  const port = await closedPort("127.0.2.9");
  const silent = ["127.0.2.1", "127.0.2.2", "127.0.2.3", "127.0.2.4", "127.0.2.5"];
  const stage = new ApproachStage(t, [`romeo.example:${port}`], {
    hosts: { "romeo.example": [...silent, "127.0.2.9"] },
    held: silent,
  });
  const message = `^127\\.0\\.2\\.9 port ${port} refuses connections; .* does not answer; 2 more addresses failed\\. The`;
  const connecting = assert.rejects(stage.next(), { problem: "connection-refused", message: new RegExp(message) });
  for (let address = 0; address < silent.length; address++) await stage.advance(250);
  while (stage.told.length === 0) await settled();
  await stage.advance(30_000);
  await connecting;
});

test("an address that can't be reached from here is said so", async (t) => {
  const stage = new ApproachStage(t, ["romeo.example"], { hosts: { "romeo.example": ["255.255.255.255"] } });
  await assert.rejects(stage.next(), (error: unknown) => {
    assert.ok(error instanceof ConnectError);
    assert.match(error.problem, /^connection-(?:unreachable|failed)$/); // a matter of the system
    assert.match(error.message, /^255\.255\.255\.255 port 5269 /);
    return true;
  });
});

test("without any address the error is that of the look-up; without any target there is nothing to try", async (t) => {
  const unknown = { problem: "dns-not-found", message: "DNS knows no address of nobody.example." };
  const nothing = { problem: "connection-failed", message: "There is no server left to try." };
  for (const [targets, expected] of [
    [["nobody.example"], unknown],
    [["nobody.example", "nowhere.example"], unknown],
    [[], nothing],
  ] as const) {
    await t.test(targets.join(" and "), async (t) => {
      await assert.rejects(new ApproachStage(t, targets, { hosts: {} }).next(), expected);
    });
  }
});

test("an approach that is abandoned destroys what is under way and tries nothing more", async (t) => {
  const held = ["127.0.2.2", "127.0.2.3"];
  const stage = new ApproachStage(t, ["romeo.example", "juliet.example"], {
    hosts: { "romeo.example": held, "juliet.example": ["127.0.2.1"] },
    held,
  });
  const connecting = assert.rejects(stage.next(), ConnectError);
  await assert.rejects(stage.next(), /the last connection is still being made/);
  await stage.advance(250);
  stage.approach.abandon();
  await connecting;
  assert.ok(stage.sockets.every(({ socket }) => socket.destroyed));
  assert.deepEqual(stage.told, ["127.0.2.2 abandoned", "127.0.2.3 abandoned"]);
  await stage.advance(60_000);
  await assert.rejects(stage.next(), ConnectError);
  assert.deepEqual(stage.tried, held);
});

test("connections that were given stay when the approach is abandoned", async (t) => {
  const { port } = await openDoor(t, "127.0.2.1");
  const stage = new ApproachStage(t, [`127.0.2.1:${port}`], { hosts: { "127.0.2.1": ["127.0.2.1"] } });
  const { socket } = await stage.next();
  stage.approach.abandon();
  await settled();
  assert.equal(socket.destroyed, false);
});

test("an error that comes after the loser was destroyed harms nobody", async (t) => {
  const { port } = await openDoor(t, "127.0.2.2");
  const stage = new ApproachStage(t, [`xmpp.verona.example:${port}`], {
    hosts: { "xmpp.verona.example": ["127.0.2.1", "127.0.2.2"] },
    held: ["127.0.2.1"],
  });
  const connecting = stage.next();
  await stage.advance(250);
  await connecting;
  stage.sockets[0]?.socket.emit("error", new Error("late"));
  assert.deepEqual(stage.told, ["127.0.2.2 connected", "127.0.2.1 abandoned"]);
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
  const approach = new Approach(await locator.locate("verona.example"), locator, { connectTimeout: 5_000 });
  const { socket, target, address } = await approach.next();
  t.after(() => socket.destroy());
  assert.deepEqual([target.host, target.isDirectTls, address], ["xmpp.verona.example", false, "127.0.2.2"]);
  await assert.rejects(approach.next(), { problem: "connection-refused" });
});
