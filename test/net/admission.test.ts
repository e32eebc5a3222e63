// Limits on who may connect, as counts and on real listeners.
import assert from "node:assert/strict";
import { connect } from "node:net";
import { test } from "node:test";
import { peerPrefix } from "../../src/net/addresses.js";
import { Admission } from "../../src/net/admission.js";
import type { Listener } from "../../src/net/reception.js";
import { storeFor } from "./support/certificates.js";
import { inClear, inTls } from "./support/client.js";
import { TestServer } from "./support/listening.js";

test("one address has its limit, others are not touched", () => {
  const admission = new Admission({ perAddress: 2 });
  assert.equal(admission.enter("192.0.2.1"), undefined);
  assert.equal(admission.enter("::ffff:192.0.2.1"), undefined);
  assert.equal(admission.enter("192.0.2.1"), "per-address");
  assert.equal(admission.enter("192.0.2.2"), undefined);
  admission.leave("192.0.2.1");
  assert.equal(admission.enter("192.0.2.1"), undefined);
  assert.deepEqual(admission.refused, { total: 0, "per-address": 1, rate: 0 });
  assert.equal(admission.open, 3);
});

test("an IPv6 /64 counts as one address", () => {
  assert.equal(peerPrefix("2001:db8:1:2:3:4:5:6"), peerPrefix("2001:db8:1:2::9"));
  assert.notEqual(peerPrefix("2001:db8:1:2::9"), peerPrefix("2001:db8:1:3::9"));
  assert.equal(peerPrefix("2001:db8::1"), "2001:db8:0:0::/64");
  assert.equal(peerPrefix("::1"), "0:0:0:0::/64");
  assert.equal(peerPrefix("fe80::1%eth0"), "fe80:0:0:0::/64");
  assert.equal(peerPrefix("::ffff:192.0.2.1"), "192.0.2.1");
});

test("new connections come no faster than the rate, after a burst", () => {
  let now = 0;
  const admission = new Admission({ rate: 2, burst: 3 }, () => now);
  const enter = (): string | undefined => admission.enter("192.0.2.1");
  assert.deepEqual([enter(), enter(), enter(), enter()], [undefined, undefined, undefined, "rate"]);
  now += 500;
  assert.deepEqual([enter(), enter()], [undefined, "rate"]);
  now += 60_000;
  assert.deepEqual([enter(), enter(), enter(), enter()], [undefined, undefined, undefined, "rate"]);
});

test("the total holds for all, this machine's own connections included", () => {
  const admission = new Admission({ total: 2, perAddress: 1 });
  assert.equal(admission.enter("127.0.0.1"), undefined);
  assert.equal(admission.enter("127.0.0.1"), undefined, "a proxy on this machine brings many clients");
  assert.equal(admission.enter("127.0.0.1"), "total");
});

test("a bad network in the exceptions is said at once", () => {
  assert.throws(() => new Admission({ exempt: ["localhost"] }), /"localhost" is neither an address nor a network/);
  assert.throws(() => new Admission({ exempt: ["10.0.0.0/33"] }), /10\.0\.0\.0\/33/);
});

test("connections over the limit are closed at once, those within go on, and leaving makes room", async (t) => {
  const limits = { perAddress: 2, exempt: [] };
  const server = new TestServer(t, await storeFor(t, ["verona.example"]), limits);
  const listener = await server.tcp("c2s");
  const direct = await server.tcp("c2s-tls");
  const romeo = await inClear(t, listener);
  await inTls(t, direct);
  const session = await server.next();
  await server.next();
  await refusedOn(listener);
  await refusedOn(direct);
  assert.equal(server.admission.refused["per-address"], 2);
  romeo.socket.write("still here");
  await session.untilText("still here");
  romeo.socket.destroy();
  await session.untilSaid("ended");
  session.transport.end(5_000);
  await session.untilSaid("closed");
  await inClear(t, listener);
  await server.next();
});

test("ten thousand connections from one address: the first hundred stay, the rest cost little", async (t) => {
  const limits = { perAddress: 100, burst: 100_000, exempt: [] };
  const server = new TestServer(t, await storeFor(t, ["verona.example"]), limits);
  const listener = await server.tcp("c2s");
  for (let dialled = 0; dialled < 100; dialled++) {
    await inClear(t, listener);
    await server.next();
  }
  for (let dialled = 0; dialled < 9_900; dialled += 100) {
    await Promise.all(Array.from({ length: 100 }, () => refusedOn(listener)));
  }
  assert.equal(server.admission.refused["per-address"], 9_900);
  assert.equal(server.admission.open, 100);
});

/** Resolves when the server has closed the connection. */
function refusedOn({ port }: Listener): Promise<void> {
  const socket = connect({ port, host: "127.0.0.1" });
  socket.on("error", () => undefined); // a reset, sometimes before the client knows that it is connected
  return new Promise((resolve) => socket.on("close", () => resolve()));
}
