// POSH: what a domain publishes about its certificates, fetched from a real web server.
import assert from "node:assert/strict";
import { createHash, type X509Certificate } from "node:crypto";
import { once } from "node:events";
import type { RequestListener, ServerResponse } from "node:http";
import { createServer } from "node:https";
import { test, type TestContext } from "node:test";
import { Posh, type PoshOptions } from "../../src/net/posh.js";
import { type Identity, issue, makeAuthority, signItself } from "./support/authority.js";

const laurence = makeAuthority("Friar Laurence");
const shown = issue(laurence, { dns: ["verona.example", "mantua.example"], usages: ["serverAuth"] });
const certificate = signItself({ dns: ["hosting.example"] }).certificate;
const other = signItself({ dns: ["hosting.example"] }).certificate;
const path = "/.well-known/posh/xmpp-server.json";

interface Scene {
  readonly posh: Posh;
  readonly port: number;
  /** What was asked for, and why domains vouched for nothing. */
  readonly asked: string[];
  readonly failures: string[];
  now: number;
}

type Pages = Readonly<Record<string, unknown>>;

/** A web server that answers for all names with these pages: values as JSON, functions as they like. */
async function publish(t: TestContext, pages: Pages, options: PoshOptions = {}, own: Identity = shown): Promise<Scene> {
  const asked: string[] = [];
  const answer: RequestListener = (request, response) => {
    const place = `${(request.headers.host ?? "").replace(/:.*/, "")}${request.url ?? ""}`;
    asked.push(place);
    const page = pages[place];
    if (typeof page === "function") (page as (response: ServerResponse) => void)(response);
    else response.writeHead(page === undefined ? 404 : 200).end(JSON.stringify(page));
  };
  const server = createServer({ key: own.keyPem, cert: own.pem }, answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  t.after(() => server.closeAllConnections());
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  const failures: string[] = [];
  const scene = { asked, failures, port: address.port, now: 1_000_000 };
  const posh = new Posh({
    lookup: (_name, { all }, done) =>
      all === true ? done(null, [{ address: "127.0.0.1", family: 4 }]) : done(null, "127.0.0.1", 4),
    port: address.port,
    now: () => published.now,
    authorities: laurence.pem,
    failed: (domain, error) => failures.push(`${domain}: ${error.message}`),
    ...options,
  });
  const published: Scene = { ...scene, posh };
  return published;
}

function hashOf(of: X509Certificate, hash: "sha256" | "sha512"): string {
  return createHash(hash).update(of.raw).digest("base64");
}

function vouching(...certificates: X509Certificate[]) {
  return { fingerprints: certificates.map((one) => ({ "sha-256": hashOf(one, "sha256") })), expires: 3_600 };
}

test("a domain vouches for a certificate with another name", async (t) => {
  const { posh, asked } = await publish(t, { [`verona.example${path}`]: vouching(other, certificate) });
  assert.equal(await posh.isVouchedFor(certificate, "verona.example"), true);
  assert.equal(await posh.isVouchedFor(other, "Verona.example"), true);
  assert.equal(await posh.isVouchedFor(shown.certificate, "verona.example"), false);
  assert.equal(await posh.isVouchedFor(certificate, "mantua.example"), false);
  assert.deepEqual(asked, [`verona.example${path}`, `mantua.example${path}`]);
});

test("of several hashes the strongest counts, unknown and malformed ones don't", async (t) => {
  const fingerprints = [
    { "sha-1": "AAAA", "sha-256": "short", "sha-512": 5 },
    null,
    "sha-256",
    { "sha-512": hashOf(certificate, "sha512"), "sha-256": hashOf(other, "sha256") },
  ];
  const { posh } = await publish(t, { [`verona.example${path}`]: { fingerprints, expires: 60 } });
  assert.equal((await posh.fingerprintsOf("verona.example")).length, 1);
  assert.equal(await posh.isVouchedFor(certificate, "verona.example"), true);
  assert.equal(await posh.isVouchedFor(other, "verona.example"), false);
});

test("what was found is believed for as long as it says, and nothing for five minutes", async (t) => {
  const pages: Record<string, unknown> = { [`verona.example${path}`]: vouching(certificate) };
  const scene = await publish(t, pages);
  const ask = (domain: string) => scene.posh.isVouchedFor(certificate, domain);
  assert.deepEqual([await ask("verona.example"), await ask("mantua.example")], [true, false]);
  pages[`verona.example${path}`] = vouching(other);
  pages[`mantua.example${path}`] = vouching(certificate);
  scene.now += 299_999;
  assert.deepEqual([await ask("verona.example"), await ask("mantua.example")], [true, false]);
  scene.now += 1;
  assert.deepEqual([await ask("verona.example"), await ask("mantua.example")], [true, true]);
  scene.now += 3_300_000;
  assert.deepEqual([await ask("verona.example"), await ask("mantua.example")], [false, true]);
  assert.equal(scene.asked.length, 4);
});

test("nothing is believed for more than a week, and no more is kept than was said", async (t) => {
  const page = { ...vouching(certificate), expires: 1e9 };
  const pages = { [`verona.example${path}`]: page, [`mantua.example${path}`]: page };
  const scene = await publish(t, pages, { mostCached: 1 });
  await scene.posh.fingerprintsOf("verona.example");
  scene.now += 7 * 86_400_000;
  await scene.posh.fingerprintsOf("verona.example");
  assert.equal(scene.asked.length, 2);
  await scene.posh.fingerprintsOf("mantua.example");
  await scene.posh.fingerprintsOf("verona.example");
  assert.equal(scene.asked.length, 4);
});

test("several who ask at once share one answer", async (t) => {
  const { posh, asked } = await publish(t, { [`verona.example${path}`]: vouching(certificate) });
  const answers = await Promise.all(Array.from({ length: 20 }, () => posh.isVouchedFor(certificate, "verona.example")));
  assert.deepEqual(new Set(answers), new Set([true]));
  assert.equal(asked.length, 1);
});

test("one reference is followed, and the shorter time counts (§3.2)", async (t) => {
  const pages: Record<string, unknown> = { "mantua.example/posh.json": vouching(certificate) };
  const scene = await publish(t, pages);
  pages[`verona.example${path}`] = { url: `https://mantua.example:${scene.port}/posh.json`, expires: 60 };
  assert.equal(await scene.posh.isVouchedFor(certificate, "verona.example"), true);
  scene.now += 60_000;
  await scene.posh.fingerprintsOf("verona.example");
  assert.equal(scene.asked.length, 4);
});

test("redirects are followed, on https only, and not forever", async (t) => {
  const to = (place: string) => (response: ServerResponse) => response.writeHead(302, { location: place }).end();
  const pages: Record<string, unknown> = {
    [`verona.example${path}`]: to("/elsewhere"),
    "verona.example/elsewhere": vouching(certificate),
    [`mantua.example${path}`]: to("/.well-known/posh/xmpp-server.json"),
  };
  const scene = await publish(t, pages);
  assert.equal(await scene.posh.isVouchedFor(certificate, "verona.example"), true);
  assert.equal(await scene.posh.isVouchedFor(certificate, "mantua.example"), false);
  assert.equal(scene.asked.length, 2 + 6);
  assert.match(scene.failures[0] ?? "", /more than 5 redirects/);
});

for (const [what, page, says] of [
  ["a page that is not there", undefined, /answered with status 404/],
  ["a page that is no JSON", (response: ServerResponse) => response.end("<html/>"), /JSON/],
  ["a page of another form", ["fingerprints"], /positive “expires”/],
  ["fingerprints that never expire", { fingerprints: vouching(certificate).fingerprints }, /positive “expires”/],
  ["fingerprints that have expired", { ...vouching(certificate), expires: 0 }, /positive “expires”/],
  ["neither fingerprints nor a reference", { expires: 60 }, /neither/],
  ["an endless page", (response: ServerResponse) => pour(response), /more than 65536 octets/],
  ["a page that breaks off", (response: ServerResponse) => breakOff(response), /aborted/],
  ["a reference in clear", { url: "http://mantua.example/posh.json", expires: 60 }, /no acceptable https address/],
  ["a reference to an address", { url: "https://127.0.0.1/posh.json", expires: 60 }, /no acceptable https address/],
  ["a reference to nowhere", { url: "posh.json", expires: 60 }, /Invalid URL/],
  ["a redirect into clear", redirectTo("http://verona.example/"), /no acceptable https address/],
  ["a redirect to a server with a certificate of another name", redirectTo("https://padua.example:PORT/"), /altnames/],
] as const) {
  test(`${what} vouches for nothing`, async (t) => {
    const pages: Record<string, unknown> = { [`verona.example${path}`]: page };
    const { posh, failures } = await publish(t, pages);
    assert.deepEqual(await posh.fingerprintsOf("verona.example"), []);
    assert.match(failures.join(), says);
  });
}

/** PORT stands for that of this web server. */
function redirectTo(location: string) {
  return (response: ServerResponse) => {
    const port = String(response.socket?.localPort);
    response.writeHead(301, { location: location.replace("PORT", port) }).end();
  };
}

function pour(response: ServerResponse): void {
  const more = (): void => {
    if (!response.destroyed) response.write("x".repeat(10_000), more);
  };
  more();
}

function breakOff(response: ServerResponse): void {
  response.writeHead(200, { "content-length": "1000" });
  response.write("{", () => response.destroy());
}

test("a reference to another reference is not followed", async (t) => {
  const pages: Record<string, unknown> = {};
  const { posh, asked, failures, port } = await publish(t, pages);
  pages[`verona.example${path}`] = { url: `https://mantua.example:${port}/posh.json`, expires: 60 };
  pages["mantua.example/posh.json"] = { url: `https://verona.example:${port}/posh.json`, expires: 60 };
  assert.deepEqual(await posh.fingerprintsOf("verona.example"), []);
  assert.match(failures.join(), /leads on/);
  assert.equal(asked.length, 2);
});

test("a web server whose certificate is not good is not believed", async (t) => {
  const pages = { [`verona.example${path}`]: vouching(certificate), [`padua.example${path}`]: vouching(certificate) };
  const selfSigned = signItself({ dns: ["verona.example"] });
  const forged = await publish(t, pages, {}, selfSigned);
  assert.equal(await forged.posh.isVouchedFor(certificate, "verona.example"), false);
  assert.match(forged.failures.join(), /self-signed/);
  const { posh, failures } = await publish(t, pages);
  assert.equal(await posh.isVouchedFor(certificate, "padua.example"), false);
  assert.match(failures.join(), /altnames/);
});

test("a web server that does not answer is given up", async (t) => {
  const { posh, failures } = await publish(t, { [`verona.example${path}`]: () => undefined }, { timeout: 200 });
  assert.equal(await posh.isVouchedFor(certificate, "verona.example"), false);
  assert.match(failures.join(), /aborted/);
});

test("addresses and what is no name are not asked", async (t) => {
  const { posh, asked, failures } = await publish(t, {});
  for (const domain of ["127.0.0.1", "[::1]", "", "verona..example", "verona.example/x", "a@verona.example"]) {
    assert.deepEqual(await posh.fingerprintsOf(domain), []);
  }
  assert.deepEqual([...asked, ...failures], []);
});
