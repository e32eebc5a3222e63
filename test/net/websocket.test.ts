// WebSockets as a transport (RFC 7395), and the handshake that opens them (RFC 6455 §4.2).
import assert from "node:assert/strict";
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { type TestContext, test } from "node:test";
import { type ClientOptions, WebSocket } from "ws";
import type { HttpListenerOptions } from "../../src/net/http-listener.js";
import type { Listener } from "../../src/net/reception.js";
import { TestServer } from "./support/listening.js";

interface Opening extends ClientOptions {
  protocols?: string[];
  path?: string;
}

function dial(t: TestContext, { type, port }: Listener, opening: Opening = {}): WebSocket {
  const { protocols = ["xmpp"], path = "/xmpp-websocket", ...options } = opening;
  const scheme = type === "https" ? "wss" : "ws";
  const url = `${scheme}://127.0.0.1:${port}${path}`;
  const client = new WebSocket(url, protocols, { rejectUnauthorized: false, ...options });
  t.after(() => client.terminate());
  return client;
}

async function opened(t: TestContext, listener: Listener, opening: Opening = {}): Promise<WebSocket> {
  const client = dial(t, listener, opening);
  await once(client, "open");
  return client;
}

async function statusOf(t: TestContext, listener: Listener, opening: Opening): Promise<number | undefined> {
  const client = dial(t, listener, opening);
  return new Promise((resolve) => {
    client.once("unexpected-response", (_request, response: IncomingMessage) => resolve(response.statusCode));
    client.on("error", () => resolve(undefined)); // nobody answers at all
  });
}

async function serve(
  t: TestContext,
  type: "http" | "https",
  options: Partial<HttpListenerOptions> = {},
): Promise<{ server: TestServer; listener: Listener }> {
  const server = await TestServer.for(t, "verona.example");
  return { server, listener: await server.http(type, { webSocket: {}, ...options }) };
}

test("one text frame is one received(), one write() is one frame", async (t) => {
  const { server, listener } = await serve(t, "https");
  const romeo = await opened(t, listener);
  const session = await server.next();
  const frames: string[] = [];
  romeo.on("message", (data: Buffer, isBinary) => frames.push(`${isBinary} ${data.toString()}`));
  assert.equal(romeo.protocol, "xmpp");
  assert.equal(romeo.extensions, "", "no compression");
  romeo.send("<open/>");
  romeo.send("<message>é ☃</message>");
  await session.until(({ frames }) => frames.length === 2);
  assert.deepEqual(session.frames, ["<open/>", "<message>é ☃</message>"]);
  session.transport.write("<open/>", true);
  session.transport.write("<body>é ☃</body>", false);
  session.transport.end(5_000);
  const [code] = (await once(romeo, "close")) as [number];
  assert.deepEqual(frames, ["false <open/>", "false <body>é ☃</body>"]);
  assert.equal(code, 1000);
  await session.untilSaid("closed");
  assert.deepEqual(session.said, ["closed"]);
  assert.equal(session.transport.kind, "websocket");
  assert.equal(session.transport.isTrusted, false);
});

test("frames written in one go leave in one piece", async (t) => {
  const { server, listener } = await serve(t, "http");
  const romeo = await opened(t, listener);
  const { transport } = await server.next();
  const packets: string[] = [];
  transport.write("<message id='1'/>", true);
  transport.write("<message id='2'/>", true);
  romeo.on("message", (data: Buffer) => packets.push(data.toString()));
  assert.equal(transport.bufferedBytes, 2 * (2 + 17));
  transport.flushed(() => romeo.ping());
  await once(romeo, "pong");
  assert.deepEqual(packets, ["<message id='1'/>", "<message id='2'/>"]);
  assert.equal(transport.bufferedBytes, 0);
});

test("stop() leaves open WebSockets to the stream layer", async (t) => {
  const { server, listener } = await serve(t, "https");
  const romeo = await opened(t, listener);
  const session = await server.next();
  await listener.stop();
  romeo.send("<still-here/>");
  await session.untilText("<still-here/>");
  assert.equal(await statusOf(t, listener, {}), undefined);
});

test("TLS facts are those of the connection under it", async (t) => {
  const { server, listener } = await serve(t, "https");
  await opened(t, listener);
  const { transport } = await server.next();
  assert.equal(transport.tls?.protocol, "TLSv1.3");
  assert.equal(transport.tls.channelBinding("tls-exporter")?.length, 32);
  await assert.rejects(transport.startTls("verona.example"), /can't be upgraded/);
});

test("a frame in fragments is one frame, and a ping is answered", async (t) => {
  const { server, listener } = await serve(t, "http");
  const romeo = await opened(t, listener);
  const session = await server.next();
  romeo.send("<mess", { fin: false });
  romeo.ping("but soft");
  const [pong] = (await once(romeo, "pong")) as [Buffer];
  assert.equal(pong.toString(), "but soft");
  assert.deepEqual(session.frames, []);
  romeo.send("age/>", { fin: true });
  await session.until(({ frames }) => frames.length === 1);
  assert.deepEqual(session.frames, ["<message/>"]);
});

const badFrames = [
  { what: "a binary frame", code: 1003, send: (client: WebSocket) => client.send(Buffer.from("<open/>")) },
  { what: "a frame over the limit", code: 1009, send: (client: WebSocket) => client.send("x".repeat(10_001)) },
  {
    what: "a text frame that is not UTF-8",
    code: 1007,
    send: (client: WebSocket) => client.send(Buffer.from([0x3c, 0xff]), { binary: false }),
  },
];
for (const { what, code, send } of badFrames) {
  test(`${what} is refused with ${code}, and never heard`, async (t) => {
    const { server, listener } = await serve(t, "http", { webSocket: { maxFrame: 10_000 } });
    const tybalt = await opened(t, listener);
    const session = await server.next();
    send(tybalt);
    const [closedWith] = (await once(tybalt, "close")) as [number];
    assert.equal(closedWith, code);
    await session.untilSaid("closed");
    assert.deepEqual(session.frames, []);
  });
}

test("a client that does not offer the subprotocol xmpp is refused", async (t) => {
  const { listener } = await serve(t, "http");
  assert.equal(await statusOf(t, listener, { protocols: [] }), 400);
  assert.equal(await statusOf(t, listener, { protocols: ["mqtt"] }), 400);
  assert.equal((await opened(t, listener, { protocols: ["mqtt", "xmpp"] })).protocol, "xmpp");
});

test("other paths have no WebSocket, and this path has no page", async (t) => {
  const { listener } = await serve(t, "http", { webSocket: { path: "/ws" } });
  assert.equal(await statusOf(t, listener, { path: "/xmpp-websocket" }), 404);
  const page = await fetch(`http://127.0.0.1:${listener.port}/ws`);
  assert.equal(page.status, 426);
  assert.equal(page.headers.get("upgrade"), "websocket");
  await opened(t, listener, { path: "/ws" });
});

test("only pages from the origins listed may connect; programs send none", async (t) => {
  const { listener } = await serve(t, "http", { webSocket: { origins: ["https://verona.example"] } });
  assert.equal(await statusOf(t, listener, { origin: "https://mantua.example" }), 403);
  await opened(t, listener, { origin: "https://verona.example" });
  await opened(t, listener);
});

test("a trusted proxy's word about the client is taken, nobody else's", async (t) => {
  const headers = { "x-forwarded-for": "198.51.100.1, 203.0.113.7, 10.0.0.2", "x-forwarded-proto": "https" };
  const behind = await serve(t, "http", { trustedProxies: ["127.0.0.1", "10.0.0.0/8"] });
  await opened(t, behind.listener, { headers });
  const { transport } = await behind.server.next();
  assert.equal(transport.remoteAddress, "203.0.113.7", "what the client wrote itself does not count");
  assert.equal(transport.isTrusted, true);
  const open = await serve(t, "http");
  await opened(t, open.listener, { headers });
  const direct = (await open.server.next()).transport;
  assert.equal(direct.remoteAddress, "127.0.0.1");
  assert.equal(direct.isTrusted, false);
});

test("limits hold for the client behind the proxy", async (t) => {
  const proxied = new TestServer(t, (await TestServer.for(t, "verona.example")).certificates, { perAddress: 1 });
  const listener = await proxied.http("http", { webSocket: {}, trustedProxies: ["127.0.0.1"] });
  const from = (address: string): Opening => ({ headers: { "x-forwarded-for": address } });
  const first = await opened(t, listener, from("203.0.113.7"));
  assert.equal(await statusOf(t, listener, from("203.0.113.7")), 503);
  await opened(t, listener, from("203.0.113.8"));
  const session = await proxied.next();
  first.close();
  await session.untilSaid("closed");
  assert.deepEqual(session.said, ["ended", "closed"]);
  await opened(t, listener, from("203.0.113.7"));
});

test("back-pressure: write() says so, drained() follows; pause() holds frames back", async (t) => {
  const { server, listener } = await serve(t, "http");
  const romeo = await opened(t, listener);
  const session = await server.next();
  romeo.pause();
  while (session.transport.bufferedBytes === 0) session.transport.write("x".repeat(1_000_000), true);
  assert.equal(session.transport.write("one more", true), false);
  assert.equal(session.said.includes("drained"), false);
  romeo.resume();
  await session.untilSaid("drained");
  session.transport.pause();
  romeo.send("held");
  romeo.ping();
  session.transport.resume();
  await session.untilText("held");
});

test("end() gives up on a peer that does not answer, destroy() asks nobody", async (t) => {
  const { server, listener } = await serve(t, "http");
  const romeo = await opened(t, listener);
  const session = await server.next();
  romeo.pause();
  session.transport.end(1);
  await session.untilSaid("closed");
  await opened(t, listener);
  const other = await server.next();
  other.transport.destroy();
  await other.untilSaid("closed");
});
