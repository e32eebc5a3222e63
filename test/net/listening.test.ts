// Opening listeners: addresses, and plain words when it can't be done.
import assert from "node:assert/strict";
import { Server } from "node:net";
import { test } from "node:test";
import { ListenError, openPort } from "../../src/net/listening.js";
import { inClear } from "./support/client.js";
import { TestServer } from "./support/listening.js";

test("a port that is taken is said with the listener's name and what to do", async (t) => {
  const server = await TestServer.for(t, "verona.example");
  const { port } = await server.tcp("c2s");
  await assert.rejects(server.tcp("c2s-tls", { port }), (error: unknown) => {
    assert.ok(error instanceof ListenError);
    assert.equal(error.code, "EADDRINUSE");
    assert.equal(
      error.message,
      `The c2s-tls listener can't use 127.0.0.1 port ${port}: another program listens there already. ` +
        "Stop it, or give this listener another port.",
    );
    return true;
  });
});

test("a port for the administrator only is said so", async () => {
  const server = new Server();
  server.listen = () => {
    server.emit("error", Object.assign(new Error("listen EACCES"), { code: "EACCES" }));
    return server;
  };
  const opening = openPort(server, { type: "https", address: "::", port: 443 }, {});
  await assert.rejects(opening, /https listener can't use :: port 443: ports below 1024 are for the administrator/);
});

test("an address that this machine has not is said so", async (t) => {
  const server = await TestServer.for(t, "verona.example");
  await assert.rejects(server.tcp("c2s", { address: "192.0.2.1" }), /c2s listener can't use 192\.0\.2\.1 port 0: this/);
});

test("IPv4 and IPv6 beside each other on one port", async (t) => {
  const server = await TestServer.for(t, "verona.example");
  const six = await server.tcp("c2s", { address: "::", isIpv6Only: true });
  const four = await server.tcp("c2s", { address: "0.0.0.0", port: six.port });
  await inClear(t, four);
  assert.equal((await server.next()).transport.remoteAddress, "127.0.0.1");
});

test("IPv4 through a listener for both is told as IPv4", async (t) => {
  const server = await TestServer.for(t, "verona.example");
  await inClear(t, await server.tcp("c2s", { address: "::" }));
  assert.equal((await server.next()).transport.remoteAddress, "127.0.0.1");
});

test("stop() lets nobody in, and leaves those who are in alone", async (t) => {
  const server = await TestServer.for(t, "verona.example");
  const listener = await server.tcp("c2s");
  const romeo = await inClear(t, listener);
  const session = await server.next();
  await listener.stop();
  await assert.rejects(inClear(t, listener), /ECONNREFUSED/);
  romeo.socket.write("still here");
  await session.untilText("still here");
  await listener.stop();
});
