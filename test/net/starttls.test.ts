// The upgrade of a connection in clear to TLS (RFC 6120 §5).
import assert from "node:assert/strict";
import { test } from "node:test";
import { inClear, inTls, shownTo } from "./support/client.js";
import { type Heard, TestServer } from "./support/listening.js";

async function proceed(session: Heard, host = "verona.example"): Promise<void> {
  await session.untilText("<starttls/>");
  session.transport.write("<proceed/>", true);
  await session.transport.startTls(host);
}

test("after <proceed/> the same connection goes on in TLS", async (t) => {
  const server = await TestServer.for(t, "verona.example");
  const romeo = await inClear(t, await server.tcp("c2s", { isTrusted: true }));
  const session = await server.next();
  romeo.socket.write("<starttls/>");
  const upgraded = proceed(session);
  await romeo.untilText("<proceed/>");
  const secured = await inTls(t, romeo.socket, { servername: "verona.example" });
  await upgraded;
  secured.socket.write("<stream/>");
  await session.untilText("<stream/>");
  session.transport.write("<features/>", true);
  await secured.untilText("<features/>");
  assert.equal(session.transport.tls?.protocol, "TLSv1.3");
  assert.equal(session.transport.tls.serverName, "verona.example");
  assert.equal(session.transport.isTrusted, false, "trust is for connections in clear");
  session.transport.end(5_000);
  await secured.untilClosed();
  await session.untilSaid("closed");
  assert.equal(session.error, undefined);
});

test("without SNI the certificate is that of the host named in the stream", async (t) => {
  const server = await TestServer.for(t, "verona.example", "mantua.example");
  const romeo = await inClear(t, await server.tcp("c2s"));
  const session = await server.next();
  romeo.socket.write("<starttls/>");
  const upgraded = proceed(session, "mantua.example");
  await romeo.untilText("<proceed/>");
  const secured = await inTls(t, romeo.socket);
  await upgraded;
  assert.equal(shownTo(secured), "mantua.example");
  assert.equal(session.transport.tls?.serverName, undefined);
});

test("what was injected in clear behind <starttls/> never reaches the stream", async (t) => {
  const server = await TestServer.for(t, "verona.example");
  const romeo = await inClear(t, await server.tcp("c2s"));
  const session = await server.next();
  romeo.socket.write("<starttls/>");
  await session.untilText("<starttls/>");
  session.transport.pause();
  romeo.socket.write("<message>from Tybalt</message>");
  session.transport.write("<proceed/>", true);
  await assert.rejects(session.transport.startTls("verona.example"));
  await session.untilSaid("closed");
  assert.equal(session.text, "<starttls/>");
  assert.equal(romeo.text, "<proceed/>", "RFC 6120 §5.4.2.2: no XML when TLS fails");
  assert.equal(server.failures.length, 1);
});

test("nothing can be written in clear while TLS is being set up", async (t) => {
  const server = await TestServer.for(t, "verona.example");
  const romeo = await inClear(t, await server.tcp("c2s"));
  const session = await server.next();
  romeo.socket.write("<starttls/>");
  const upgraded = proceed(session);
  await romeo.untilText("<proceed/>");
  session.transport.write("<message>a secret</message>", true);
  const secured = await inTls(t, romeo.socket, { servername: "verona.example" });
  await upgraded;
  session.transport.write("<features/>", true);
  await secured.untilText("<features/>");
  assert.equal(secured.text, "<features/>");
});

test("a handshake that does not come to an end is given up", async (t) => {
  const server = await TestServer.for(t, "verona.example");
  const romeo = await inClear(t, await server.tcp("c2s", { handshakeTimeout: 1 }));
  const session = await server.next();
  romeo.socket.write("<starttls/>");
  await assert.rejects(proceed(session), /TIMEOUT|timeout/);
  await romeo.untilClosed();
  await session.untilSaid("closed");
});

test("a peer that goes away during the handshake is reported, and a second upgrade refused", async (t) => {
  const server = await TestServer.for(t, "verona.example");
  const romeo = await inClear(t, await server.tcp("c2s"));
  const session = await server.next();
  romeo.socket.write("<starttls/>");
  const upgraded = proceed(session);
  await romeo.untilText("<proceed/>");
  await assert.rejects(session.transport.startTls("verona.example"), /can't be started/);
  romeo.socket.destroy();
  await assert.rejects(upgraded);
  await session.untilSaid("closed");
  assert.deepEqual(session.said, ["closed"]);
});
