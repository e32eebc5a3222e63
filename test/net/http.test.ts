// Pages over HTTP: host-meta for every virtual host (XEP-0156), and what is refused.
import assert from "node:assert/strict";
import { get, request } from "node:https";
import type { IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { type TestContext, test } from "node:test";
import { TLSSocket } from "node:tls";
import { hostMetaRoutes, websocketRelation } from "../../src/net/host-meta.js";
import type { Listener } from "../../src/net/reception.js";
import type { Route } from "../../src/net/routes.js";
import { TestServer } from "./support/listening.js";

const routes = hostMetaRoutes((host) =>
  host === "verona.example" || host === "mantua.example"
    ? [
        { rel: websocketRelation, href: `wss://${host}:5281/ws?a=1&b=2` },
        { rel: websocketRelation, href: `ws://${host}/in-clear` },
      ]
    : undefined,
);

interface Answer {
  status: number | undefined;
  headers: IncomingMessage["headers"];
  body: string;
}

async function ask({ port }: Listener, path: string, host = "verona.example", method = "GET"): Promise<Answer> {
  const headers = { host: `${host}:${port}` };
  const response = await new Promise<IncomingMessage>((resolve, reject) =>
    request({ port, path, method, headers, rejectUnauthorized: false, agent: false }, resolve)
      .on("error", reject)
      .end(),
  );
  return { status: response.statusCode, headers: response.headers, body: await text(response) };
}

async function serve(t: TestContext, more: Route[] = []): Promise<{ server: TestServer; listener: Listener }> {
  const server = await TestServer.for(t, "verona.example");
  return { server, listener: await server.http("https", { routes: [...routes, ...more] }) };
}

test("host-meta in XML, by host, readable by any page", async (t) => {
  const { listener } = await serve(t);
  const { status, headers, body } = await ask(listener, "/.well-known/host-meta", "Mantua.Example");
  assert.equal(status, 200);
  assert.equal(headers["content-type"], "application/xrd+xml; charset=utf-8");
  assert.equal(headers["access-control-allow-origin"], "*");
  assert.equal(
    body,
    `<?xml version="1.0" encoding="utf-8"?>\n<XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0">\n` +
      `  <Link rel="urn:xmpp:alt-connections:websocket" href="wss://mantua.example:5281/ws?a=1&amp;b=2"/>\n</XRD>\n`,
  );
});

test("host-meta in JSON", async (t) => {
  const { listener } = await serve(t);
  const { headers, body } = await ask(listener, "/.well-known/host-meta.json?x=1");
  assert.equal(headers["content-type"], "application/json");
  assert.equal(headers["access-control-allow-origin"], "*");
  const href = "wss://verona.example:5281/ws?a=1&b=2";
  assert.deepEqual(JSON.parse(body), { links: [{ rel: "urn:xmpp:alt-connections:websocket", href }] });
});

test("a browser's preflight and HEAD are answered", async (t) => {
  const { listener } = await serve(t);
  const preflight = await ask(listener, "/.well-known/host-meta", "verona.example", "OPTIONS");
  assert.equal(preflight.status, 204);
  assert.equal(preflight.headers["access-control-allow-methods"], "GET, OPTIONS");
  assert.equal(preflight.headers["access-control-allow-origin"], "*");
  const head = await ask(listener, "/.well-known/host-meta", "verona.example", "HEAD");
  assert.equal(head.status, 200);
  assert.equal(head.body, "");
});

test("strangers' hosts, other paths and other methods are refused", async (t) => {
  const { listener } = await serve(t);
  assert.equal((await ask(listener, "/.well-known/host-meta", "padua.example")).status, 404);
  const other = await ask(listener, "/etc/passwd");
  assert.equal(other.status, 404);
  assert.equal(other.headers["access-control-allow-origin"], undefined, "XEP-0156 §4: only for host-meta");
  const wrong = await ask(listener, "/.well-known/host-meta", "verona.example", "POST");
  assert.equal(wrong.status, 405);
  assert.equal(wrong.headers.allow, "GET, OPTIONS");
});

test("a route that throws is answered 500 and reported; the listener goes on", async (t) => {
  const poison: Route = {
    method: "GET",
    path: "/poison",
    handle: () => {
      throw new Error("drunk it");
    },
  };
  const { server, listener } = await serve(t, [poison]);
  assert.equal((await ask(listener, "/poison")).status, 500);
  assert.deepEqual(server.broken, ["/poison"]);
  assert.equal((await ask(listener, "/.well-known/host-meta")).status, 200);
});

test("the certificate is the one of the name in SNI, renewed ones too", async (t) => {
  const server = await TestServer.for(t, "verona.example", "mantua.example");
  const { port } = await server.http("https", { routes });
  const shown = (servername: string): Promise<string | undefined> =>
    new Promise((resolve, reject) => {
      const socketOptions = { port, servername, rejectUnauthorized: false, agent: false };
      get(socketOptions, (response) => {
        const { socket } = response.resume();
        resolve(socket instanceof TLSSocket ? String(socket.getPeerCertificate().subject.CN) : undefined);
      }).on("error", reject);
    });
  assert.equal(await shown("mantua.example"), "mantua.example");
  await server.certificates.reload();
  assert.equal(await shown("mantua.example"), "mantua.example");
  assert.equal(await shown("verona.example"), "verona.example");
});

test("plain HTTP is for loopback only", async (t) => {
  const server = await TestServer.for(t, "verona.example");
  await assert.rejects(server.http("http", { address: "0.0.0.0" }), /may not use 0\.0\.0\.0.*Use type https/);
  await server.http("http", { address: "::1" });
});
