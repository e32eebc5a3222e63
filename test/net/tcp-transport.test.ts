// TCP as a transport: bytes both ways, back-pressure, and the ways to close.
import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { inClear } from "./support/client.js";
import { TestServer } from "./support/listening.js";

test("bytes go both ways, ASCII or not", async (t) => {
  const server = await TestServer.for(t, "verona.example");
  const romeo = await inClear(t, await server.tcp("c2s"));
  const session = await server.next();
  romeo.socket.write("<stream>");
  await session.untilText("<stream>");
  session.transport.write("<body>soft</body>", true);
  session.transport.write("<body>é ☃</body>", false);
  await romeo.untilText("<body>soft</body><body>é ☃</body>");
  assert.equal(session.transport.kind, "tcp");
  assert.equal(session.transport.remoteAddress, "127.0.0.1");
  assert.equal(session.transport.remotePort, romeo.socket.localPort);
  assert.equal(session.transport.tls, undefined);
  assert.equal(session.transport.isTrusted, false);
});

test("a listener can be declared as good as encrypted", async (t) => {
  const server = await TestServer.for(t, "verona.example");
  await inClear(t, await server.tcp("c2s", { isTrusted: true }));
  assert.equal((await server.next()).transport.isTrusted, true);
});

test("write() says when the kernel takes no more, and drained() when it has taken all", async (t) => {
  const server = await TestServer.for(t, "verona.example");
  const romeo = await inClear(t, await server.tcp("c2s"));
  const session = await server.next();
  const piece = "x".repeat(1_000_000);
  romeo.socket.pause();
  while (session.transport.write(piece, true));
  assert.ok(session.transport.bufferedBytes >= piece.length);
  assert.deepEqual(session.said, []);
  romeo.socket.resume();
  await session.untilSaid("drained");
  assert.equal(session.transport.bufferedBytes, 0);
});

test("pause() holds the peer's bytes back, resume() brings them", async (t) => {
  const server = await TestServer.for(t, "verona.example");
  const listener = await server.tcp("c2s");
  const romeo = await inClear(t, listener);
  const session = await server.next();
  session.transport.pause();
  romeo.socket.write("held");
  const juliet = await inClear(t, listener);
  juliet.socket.write("later");
  await (await server.next()).untilText("later");
  assert.equal(session.text, "");
  session.transport.resume();
  await session.untilText("held");
});

test("the peer's end is heard, and it can still be written to", async (t) => {
  const server = await TestServer.for(t, "verona.example");
  const romeo = await inClear(t, await server.tcp("c2s"), true);
  const session = await server.next();
  romeo.socket.end("</stream>");
  await session.untilSaid("ended");
  assert.equal(session.text, "</stream>");
  session.transport.write("</stream>", true);
  session.transport.end(5_000);
  await romeo.untilText("</stream>");
  await session.untilSaid("closed");
  assert.deepEqual(session.said, ["ended", "closed"]);
  assert.equal(session.error, undefined);
});

test("end() sends what is buffered, and waits for the peer's end", async (t) => {
  const server = await TestServer.for(t, "verona.example");
  const romeo = await inClear(t, await server.tcp("c2s"), true);
  const session = await server.next();
  const goodnight = `${"goodnight ".repeat(200_000)}</stream>`;
  session.transport.write(goodnight, true);
  session.transport.end(60_000);
  session.transport.write("too late", true);
  await once(romeo.socket, "end");
  assert.equal(romeo.text, goodnight);
  assert.deepEqual(session.said, []);
  romeo.socket.end("parting is such sweet sorrow");
  await session.untilSaid("closed");
  assert.deepEqual(session.said, ["closed"]);
  assert.equal(session.text, "", "nothing is heard after end()");
});

test("end() gives up on a peer that does not read", async (t) => {
  const server = await TestServer.for(t, "verona.example");
  const romeo = await inClear(t, await server.tcp("c2s"));
  const session = await server.next();
  romeo.socket.pause();
  while (session.transport.write("x".repeat(1_000_000), true));
  session.transport.end(1);
  await session.untilSaid("closed");
});

test("end() is heard by a session that was paused", async (t) => {
  const server = await TestServer.for(t, "verona.example");
  const romeo = await inClear(t, await server.tcp("c2s"));
  const session = await server.next();
  session.transport.pause();
  session.transport.end(60_000);
  await romeo.untilClosed();
  await session.untilSaid("closed");
});

test("flushed() comes when all is with the kernel, after end() too, and never when it is lost", async (t) => {
  const server = await TestServer.for(t, "verona.example");
  const listener = await server.tcp("c2s");
  const flushed: string[] = [];
  const mark = (name: string) => (): void => void flushed.push(name);
  const romeo = await inClear(t, listener);
  const session = await server.next();
  const { transport } = session;
  romeo.socket.pause();
  while (transport.bufferedBytes === 0) transport.write("x".repeat(1_000_000), true);
  transport.flushed(mark("before end"));
  transport.end(60_000);
  transport.flushed(mark("after end"));
  assert.deepEqual(flushed, []);
  romeo.socket.resume();
  await session.untilSaid("closed");
  assert.equal(session.error, undefined);
  assert.deepEqual(flushed, ["before end", "after end"]);
  const juliet = await inClear(t, listener);
  const lost = await server.next();
  juliet.socket.pause();
  while (lost.transport.bufferedBytes === 0) lost.transport.write("x".repeat(1_000_000), true);
  lost.transport.flushed(mark("lost"));
  lost.transport.destroy();
  lost.transport.flushed(mark("lost"));
  await lost.untilSaid("closed");
  assert.equal(flushed.length, 2);
});

test("destroy() closes at once, and closed() comes once", async (t) => {
  const server = await TestServer.for(t, "verona.example");
  const romeo = await inClear(t, await server.tcp("c2s"));
  const session = await server.next();
  session.transport.destroy();
  session.transport.destroy();
  session.transport.write("to nobody", true);
  await romeo.untilClosed();
  await session.untilSaid("closed");
  assert.deepEqual(session.said, ["closed"]);
});

test("a reset by the peer is an error of its transport and of nobody else", async (t) => {
  const server = await TestServer.for(t, "verona.example");
  const romeo = await inClear(t, await server.tcp("c2s"));
  const session = await server.next();
  romeo.socket.resetAndDestroy();
  await session.untilSaid("closed");
  assert.match(String(session.error), /ECONNRESET/);
});
