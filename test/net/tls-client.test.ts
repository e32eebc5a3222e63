// TLS between servers, over real sockets: handshakes, what each side learns of the other, and what fails how.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { connect as connectTcp, createServer, type Server, type Socket } from "node:net";
import { describe, test, type TestContext } from "node:test";
import { createServer as createTlsServer, type SecureVersion, type TlsOptions } from "node:tls";
import type { CertificateStore } from "../../src/net/certificates.js";
import { type CertificateUse, judgePath, TrustAnchors } from "../../src/net/certificate-path.js";
import { outgoingTransport } from "../../src/net/outgoing-transport.js";
import { secureAsClient, type TlsClientOptions } from "../../src/net/tls-client.js";
import { TlsHandshakeError } from "../../src/net/tls-handshake-error.js";
import type { TlsFacts } from "../../src/net/transport.js";
import { type Identity, issue, makeAuthority, signItself } from "./support/authority.js";
import { storeShowing } from "./support/certificates.js";
import { inTls } from "./support/client.js";
import { Heard, TestServer } from "./support/listening.js";

const laurence = makeAuthority("Friar Laurence");
const john = issue(laurence, { name: "Friar John", isAuthority: true });
const anchors = TrustAnchors.only(laurence.pem);
const versions = ["TLSv1.2", "TLSv1.3"] as const;

function serverCertificate(host: string, by: Identity = john): Identity {
  return issue(by, { dns: [host], usages: ["serverAuth"] });
}

const verona = [serverCertificate("verona.example"), john];
const mantua = [serverCertificate("mantua.example"), john];

const chainsOfMantua: Readonly<Record<string, { chain: readonly Identity[]; problem: string | undefined }>> = {
  "with a good chain": { chain: mantua, problem: undefined },
  "without its intermediate": { chain: mantua.slice(0, 1), problem: "untrusted" },
  "of an unknown authority": {
    chain: [serverCertificate("mantua.example", makeAuthority("Tybalt"))],
    problem: "untrusted",
  },
  "signed by itself": { chain: [signItself({ dns: ["mantua.example"] })], problem: "untrusted" },
  "that has expired": {
    chain: [issue(john, { dns: ["mantua.example"], usages: ["serverAuth"], notAfter: Date.now() - 1_000 }), john],
    problem: "expired",
  },
};

function judge(facts: TlsFacts | undefined, use: CertificateUse) {
  return judgePath(facts?.peerCertificates() ?? [], anchors, Date.now(), use).problem;
}

async function connectTo(t: TestContext, port: number): Promise<Socket> {
  const socket = connectTcp({ port, host: "127.0.0.1" });
  t.after(() => socket.destroy());
  await once(socket, "connect");
  return socket;
}

async function portOf(t: TestContext, server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  return address.port;
}

/** Somebody else's server, in TLS from the first byte. */
async function foreignServer(t: TestContext, chain: readonly Identity[], options: TlsOptions = {}): Promise<number> {
  const server = createTlsServer({
    key: chain[0]?.keyPem,
    cert: chain.map(({ pem }) => pem).join(""),
    ...options,
  });
  server.on("secureConnection", (socket) => t.after(() => socket.destroy()));
  server.on("tlsClientError", (_error, socket) => socket.destroy());
  return portOf(t, server);
}

async function optionsFor(t: TestContext, more: Partial<TlsClientOptions> = {}): Promise<TlsClientOptions> {
  const certificates = await storeShowing(t, { "verona.example": verona });
  return { serverName: "mantua.example", certificates, host: "verona.example", timeout: 30_000, ...more };
}

for (const version of versions) {
  const only = { minVersion: version, maxVersion: version };

  describe(`Over ${version}`, () => {
    for (const [what, { chain, problem }] of Object.entries(chainsOfMantua)) {
      test(`a server ${what} that we connect to is judged ${problem ?? "good"}`, async (t) => {
        const socket = await connectTo(t, await foreignServer(t, chain, only));
        const { facts } = await secureAsClient(socket, await optionsFor(t));
        assert.equal(facts.protocol, version);
        assert.equal(facts.peerCertificates().length, chain.length);
        assert.equal(judge(facts, "server"), problem);
      });

      test(`a server ${what}, for servers only, that connects to us is judged ${problem ?? "good"}`, async (t) => {
        const server = new TestServer(t, await storeShowing(t, { "verona.example": verona }));
        const listener = await server.tcp("c2s-tls", { audience: "servers", protocol: "xmpp-server" });
        const pem = { key: chain[0]?.keyPem, cert: chain.map((one) => one.pem).join("") };
        await inTls(t, listener, { ...pem, ...only, ALPNProtocols: ["xmpp-server"] });
        const { tls } = (await server.next()).transport;
        assert.equal(tls?.protocol, version);
        assert.equal(tls.peerCertificates().length, chain.length);
        assert.equal(judge(tls, "peer"), problem);
        assert.equal(tls.clientCertificate(), undefined, "OpenSSL calls the purpose wrong, good or not");
      });
    }

    test("unrelated certificates between those of the chain do no harm", async (t) => {
      const sent = [...verona.slice(0, 1), makeAuthority("Tybalt"), john, laurence];
      const socket = await connectTo(t, await foreignServer(t, sent, only));
      const { socket: secured, facts } = await secureAsClient(socket, await optionsFor(t));
      const [own, ...others] = facts.peerCertificates();
      assert.deepEqual(
        [own, ...others].map(String),
        [sent[0], john, laurence].map((one) => one?.pem),
      );
      assert.equal(judge(facts, "server"), undefined);
      secured.destroy();
      assert.equal(judge(facts, "server"), undefined, "what has been asked for is kept");
    });

    test("sessions are not resumed between servers", async (t) => {
      const server = new TestServer(t, await storeShowing(t, { "verona.example": verona }));
      const listener = await server.tcp("c2s-tls", { audience: "servers" });
      const first = await inTls(t, listener, { ...only, servername: "verona.example" });
      const session = first.socket.getSession();
      const again = await inTls(t, listener, { ...only, servername: "verona.example", ...(session && { session }) });
      assert.equal(again.socket.isSessionReused(), false);
      assert.deepEqual((await server.next()).transport.tls?.peerCertificates(), [], "it showed none");
    });
  });
}

test("two of us: STARTTLS, both show their certificates, and talk", async (t) => {
  const server = new TestServer(t, await storeShowing(t, { "mantua.example": mantua }));
  const listener = await server.tcp("c2s", { audience: "servers" });
  const options = await optionsFor(t);
  const out = new Heard(outgoingTransport(await connectTo(t, listener.port), options));
  const incoming = await server.next();
  out.transport.write("<starttls/>", true);
  await incoming.untilText("<starttls/>");
  incoming.transport.write("<proceed/>", true);
  const upgraded = incoming.transport.startTls("mantua.example");
  await out.untilText("<proceed/>");
  await out.transport.startTls("mantua.example");
  await upgraded;
  out.transport.write("<stream from='verona.example'/>", true);
  await incoming.untilText("<stream from='verona.example'/>");
  incoming.transport.write("<features/>", true);
  await out.untilText("<features/>");
  assert.equal(judge(out.transport.tls, "server"), undefined);
  assert.equal(judge(incoming.transport.tls, "peer"), undefined);
  assert.equal(incoming.transport.tls?.serverName, "mantua.example");
  assert.equal(out.transport.tls?.serverName, "mantua.example");
  assert.equal(out.transport.tls.channelBinding("tls-exporter"), undefined);
  out.transport.end(5_000);
  await incoming.untilSaid("ended");
  incoming.transport.end(5_000);
  await out.untilSaid("closed");
  assert.deepEqual([out.error, incoming.error], [undefined, undefined]);
});

test("two of us: direct TLS with ALPN", async (t) => {
  const server = new TestServer(t, await storeShowing(t, { "mantua.example": mantua }));
  const listener = await server.tcp("c2s-tls", { audience: "servers", protocol: "xmpp-server" });
  const options = await optionsFor(t, { protocol: "xmpp-server" });
  const secured = await secureAsClient(await connectTo(t, listener.port), options);
  assert.equal(secured.socket.alpnProtocol, "xmpp-server");
  const out = new Heard(outgoingTransport(secured.socket, options, secured.facts));
  out.transport.write("<stream/>", true);
  await (await server.next()).untilText("<stream/>");
  await assert.rejects(out.transport.startTls("mantua.example"), /can't be started/);
});

test("names beyond ASCII go out as A-labels, addresses not at all (RFC 6066 §3)", async (t) => {
  const server = new TestServer(t, await storeShowing(t, { "mantua.example": mantua }));
  const listener = await server.tcp("c2s-tls", { audience: "servers" });
  for (const [serverName, named] of [
    ["münchen.example", "xn--mnchen-3ya.example"],
    ["Mantua.Example.", "mantua.example"],
    ["127.0.0.1", undefined],
    ["[::1]", undefined],
  ] as const) {
    const options = await optionsFor(t, { serverName });
    const { facts } = await secureAsClient(await connectTo(t, listener.port), options);
    assert.equal(facts.serverName, named);
    assert.equal((await server.next()).transport.tls?.serverName, named);
  }
});

test("no listener stays behind", async (t) => {
  const socket = await connectTo(t, await foreignServer(t, mantua));
  const { socket: secured } = await secureAsClient(socket, await optionsFor(t));
  const plain = await connectTo(t, await foreignServer(t, mantua));
  const bare = (await import("node:tls")).connect({ socket: plain, rejectUnauthorized: false });
  await once(bare, "secureConnect");
  const counts = (one: Socket) =>
    one
      .eventNames()
      .map((name) => `${String(name)} ${one.listenerCount(name)}`)
      .sort();
  assert.deepEqual(counts(secured), counts(bare));
  assert.deepEqual(counts(socket), counts(plain));
});

test("other servers are not told which authorities clients' certificates need", async (t) => {
  const certificates = await storeShowing(t, { "verona.example": verona }, makeAuthority("Nurse").pem);
  assert.match(await requestOf(t, certificates, "clients"), /Acceptable client certificate CA names\s+CN = Nurse/);
  assert.match(await requestOf(t, certificates, "servers"), /No client certificate CA names sent/);
});

/** What `openssl s_client` says of the certificate request. */
async function requestOf(
  t: TestContext,
  certificates: CertificateStore,
  audience: "clients" | "servers",
): Promise<string> {
  const server = new TestServer(t, certificates);
  server.wantsClientCertificates = true;
  const { port } = await server.tcp("c2s-tls", { audience });
  const options = ["s_client", "-connect", `127.0.0.1:${port}`, "-servername", "verona.example"];
  return new Promise((resolve) => {
    const child = execFile("openssl", options, (_error, output) => resolve(output));
    child.stdin?.end();
  });
}

/** By number, as RFC 8446 §6 and RFC 6066 §3 have them. */
const alerts = {
  40: /handshake_failure/,
  42: /with the alert bad_certificate\.$/,
  48: /with the alert unknown_ca\.$/,
  80: /with the alert internal_error\.$/,
  112: /does not know the domain/,
  116: /with the alert certificate_required\.$/,
};

/** A fatal alert, in a record of its own. */
function alertRecord(number: number): Buffer {
  return Buffer.from([0x15, 0x03, 0x03, 0, 2, 2, number]);
}

describe("A handshake fails in a plain sentence, and with the socket closed,", () => {
  const failing: readonly {
    readonly when: string;
    readonly says: RegExp;
    readonly server: (t: TestContext) => Promise<number>;
    readonly options?: Partial<TlsClientOptions>;
  }[] = [
    {
      when: "when the other side speaks no TLS",
      says: /^The other side speaks no TLS here/,
      server: (t) =>
        portOf(
          t,
          createServer((socket) => socket.end("<stream:error/></stream:stream>")),
        ),
    },
    {
      when: "when it closes",
      says: /^The other side closed the connection during the TLS handshake\.$/,
      server: (t) =>
        portOf(
          t,
          createServer((socket) => socket.destroy()),
        ),
    },
    {
      when: "when it says nothing",
      says: /^The TLS handshake was not finished within 0\.05 seconds\.$/,
      server: (t) =>
        portOf(
          t,
          createServer((socket) => t.after(() => socket.destroy())),
        ),
      options: { timeout: 50 },
    },
    {
      when: "when it has another protocol",
      says: /refuses the protocol xmpp-server \(ALPN\)/,
      server: (t) => foreignServer(t, mantua, { ALPNProtocols: ["h2"] }),
      options: { protocol: "xmpp-server" },
    },
    {
      when: "when it only speaks TLS 1.1",
      says: /speaks neither TLS 1\.2 nor TLS 1\.3/,
      server: (t) => foreignServer(t, mantua, upTo("TLSv1.1")),
    },
    {
      when: "when it has no cipher suite that we take",
      says: /no cipher suite, curve or certificate in common/,
      server: (t) => foreignServer(t, mantua, { maxVersion: "TLSv1.2", ciphers: "ECDHE-ECDSA-AES128-SHA" }),
    },
    ...Object.entries(alerts).map(([number, says]) => ({
      when: `when it sends the alert ${number}`,
      says,
      server: (t: TestContext) =>
        portOf(
          t,
          createServer((socket) => socket.end(alertRecord(Number(number)))),
        ),
    })),
  ];

  for (const { when, says, server, options } of failing) {
    test(when, async (t) => {
      const socket = await connectTo(t, await server(t));
      const closed = once(socket, "close");
      const failure = await secureAsClient(socket, await optionsFor(t, options)).then(
        () => assert.fail("there was a handshake"),
        (error: unknown) => error,
      );
      assert.ok(failure instanceof TlsHandshakeError);
      t.diagnostic(failure.message);
      assert.match(failure.message, says);
      assert.equal(failure.isTimeout, options?.timeout !== undefined);
      await closed;
    });
  }

  test("and the transport over it is told", async (t) => {
    const port = await portOf(
      t,
      createServer((socket) => socket.end("<proceed/>not TLS at all, not at all")),
    );
    const out = new Heard(outgoingTransport(await connectTo(t, port), await optionsFor(t)));
    await out.untilText("<proceed/>");
    await assert.rejects(out.transport.startTls("mantua.example"), TlsHandshakeError);
    await out.untilSaid("closed");
  });
});

function upTo(maxVersion: SecureVersion): TlsOptions {
  return { minVersion: "TLSv1", maxVersion, ciphers: "DEFAULT:@SECLEVEL=0" };
}
