// TLS from the first byte: ALPN, SNI, versions, channel binding, client certificates, reload.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { CertificateStore } from "../../src/net/certificates.js";
import { selfSigned } from "../../src/net/self-signed.js";
import { sourceOf, storeFor, temporaryDirectory, writeCertificate } from "./support/certificates.js";
import { inClear, inTls, shownTo } from "./support/client.js";
import { TestServer } from "./support/listening.js";

test("a client comes in with ALPN, without, but not with another protocol (RFC 7301 §3.2)", async (t) => {
  const server = await TestServer.for(t, "verona.example");
  const listener = await server.tcp("c2s-tls");
  const romeo = await inTls(t, listener, { ALPNProtocols: ["xmpp-client"] });
  assert.equal(romeo.socket.alpnProtocol, "xmpp-client");
  const juliet = await inTls(t, listener);
  assert.equal(juliet.socket.alpnProtocol, false);
  await server.next();
  await server.next();
  await assert.rejects(inTls(t, listener, { ALPNProtocols: ["h2"] }), /no application protocol/);
  await server.until(() => server.failures.length === 1);
});

test("the certificate is the one of the name in SNI: exact, then wildcard, then the first", async (t) => {
  const server = await TestServer.for(t, "verona.example", "mantua.example");
  const listener = await server.tcp("c2s-tls");
  const shown = async (servername?: string): Promise<string | undefined> =>
    shownTo(await inTls(t, listener, servername === undefined ? {} : { servername }));
  assert.equal(await shown("mantua.example"), "mantua.example");
  assert.equal(await shown("Mantua.Example"), "mantua.example");
  assert.equal(await shown("rooms.mantua.example"), "mantua.example");
  assert.equal(await shown("east.rooms.mantua.example"), "verona.example");
  assert.equal(await shown("padua.example"), "verona.example");
  assert.equal(await shown(), "verona.example");
});

test("TLS 1.1 and ciphers without forward secrecy are refused (RFC 9325 §3.1, §4.2)", async (t) => {
  const server = await TestServer.for(t, "verona.example");
  const listener = await server.tcp("c2s-tls");
  const old = { minVersion: "TLSv1.1", maxVersion: "TLSv1.1", ciphers: "ALL:@SECLEVEL=0" } as const;
  await assert.rejects(inTls(t, listener, old), /protocol version/);
  await assert.rejects(inTls(t, listener, { maxVersion: "TLSv1.2", ciphers: "AES128-SHA" }), /handshake failure/);
  await server.until(() => server.failures.length === 2);
});

for (const maxVersion of ["TLSv1.3", "TLSv1.2"] as const) {
  test(`channel bindings are the same on both sides (${maxVersion})`, async (t) => {
    const server = await TestServer.for(t, "verona.example", "mantua.example");
    const romeo = await inTls(t, await server.tcp("c2s-tls"), { servername: "mantua.example", maxVersion });
    const { tls } = (await server.next()).transport;
    assert.equal(tls?.protocol, maxVersion);
    const exported = romeo.socket.exportKeyingMaterial(32, "EXPORTER-Channel-Binding", Buffer.alloc(0));
    assert.deepEqual(tls.channelBinding("tls-exporter"), maxVersion === "TLSv1.3" ? exported : undefined);
    const endPoint = createHash("sha256").update(romeo.socket.getPeerCertificate().raw).digest();
    assert.deepEqual(tls.channelBinding("tls-server-end-point"), endPoint);
  });
}

test("a resumed session has the bindings of its own connection", async (t) => {
  const server = await TestServer.for(t, "verona.example", "mantua.example");
  const listener = await server.tcp("c2s-tls");
  const first = await inTls(t, listener, { servername: "mantua.example" });
  const ticket = new Promise<Buffer>((resolve) => first.socket.once("session", resolve));
  (await server.next()).transport.write("<features/>", true);
  const again = await inTls(t, listener, { servername: "mantua.example", session: await ticket });
  assert.equal(again.socket.isSessionReused(), true);
  const { tls } = (await server.next()).transport;
  const endPoint = createHash("sha256").update(first.socket.getPeerCertificate().raw).digest();
  assert.deepEqual(tls?.channelBinding("tls-server-end-point"), endPoint);
  const exported = again.socket.exportKeyingMaterial(32, "EXPORTER-Channel-Binding", Buffer.alloc(0));
  assert.deepEqual(tls.channelBinding("tls-exporter"), exported);
});

test("a client's certificate counts only when its chain is verified", async (t) => {
  const romeo = await selfSigned(["romeo.verona.example"]);
  const tybalt = await selfSigned(["romeo.verona.example"]);
  const server = new TestServer(t, await storeFor(t, ["verona.example"], romeo.certificate));
  server.wantsClientCertificates = true;
  const listener = await server.tcp("c2s-tls");
  await inTls(t, listener, { key: romeo.key, cert: romeo.certificate });
  const verified = (await server.next()).transport.tls?.clientCertificate();
  assert.equal(verified?.subject.CN, "romeo.verona.example");
  await inTls(t, listener, { key: tybalt.key, cert: tybalt.certificate });
  assert.equal((await server.next()).transport.tls?.clientCertificate(), undefined);
  await inTls(t, listener);
  assert.equal((await server.next()).transport.tls?.clientCertificate(), undefined);
});

test("no certificate is asked for where no host offers EXTERNAL", async (t) => {
  const romeo = await selfSigned(["romeo.verona.example"]);
  const server = new TestServer(t, await storeFor(t, ["verona.example"], romeo.certificate));
  await inTls(t, await server.tcp("c2s-tls"), { key: romeo.key, cert: romeo.certificate });
  assert.equal((await server.next()).transport.tls?.clientCertificate(), undefined);
});

test("a renewed certificate is shown without a restart, and connections that stand go on", async (t) => {
  const directory = await temporaryDirectory(t);
  for (const host of ["verona.example", "mantua.example"]) await writeCertificate(directory, [host]);
  const hosts = ["verona.example", "mantua.example"].map((host) => sourceOf(directory, host));
  const server = new TestServer(t, await CertificateStore.open(hosts));
  const listener = await server.tcp("c2s-tls");
  const shown = async (servername: string): Promise<string | undefined> =>
    (await inTls(t, listener, { servername })).socket.getPeerX509Certificate()?.fingerprint256;
  const romeo = await inTls(t, listener, { servername: "verona.example" });
  const session = await server.next();
  const before = [await shown("verona.example"), await shown("mantua.example")];
  assert.equal(await server.certificates.reloadIfChanged(), false);
  for (const host of ["verona.example", "mantua.example"]) await writeCertificate(directory, [host]);
  assert.equal(await server.certificates.reloadIfChanged(), true);
  assert.notEqual(await shown("verona.example"), before[0]);
  assert.notEqual(await shown("mantua.example"), before[1]);
  romeo.socket.write("still here");
  await session.untilText("still here");
});

test("ticket keys are a day old at the most: then a session can't be resumed", async (t) => {
  const server = await TestServer.for(t, "verona.example");
  const listener = await server.tcp("c2s-tls");
  const dial = (session?: Buffer) =>
    inTls(t, listener, { servername: "verona.example", ...(session === undefined ? {} : { session }) });
  const first = await dial();
  const ticket = new Promise<Buffer>((resolve) => first.socket.once("session", resolve));
  (await server.next()).transport.write("<features/>", true);
  const now = Date.now();
  assert.equal(await server.certificates.reloadIfChanged(now + 80_000_000), false);
  assert.equal((await dial(await ticket)).socket.isSessionReused(), true);
  assert.equal(await server.certificates.reloadIfChanged(now + 90_000_000), false, "the files are as they were");
  assert.equal((await dial(await ticket)).socket.isSessionReused(), false);
});

test("whoever finishes the handshake after stop() is not let in", async (t) => {
  const server = await TestServer.for(t, "verona.example");
  const listener = await server.tcp("c2s-tls");
  const romeo = await inClear(t, listener);
  await server.until(() => server.admission.open === 1);
  await listener.stop();
  const closed = romeo.untilClosed();
  await inTls(t, romeo.socket);
  await closed;
  assert.equal(server.failures.length, 0);
});
