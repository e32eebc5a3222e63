// Brings a connection from nothing to a bound resource: stream, STARTTLS, SASL, binding (RFC 6120 §4–7).
import { createHash, X509Certificate } from "node:crypto";
import type { Account, ServerUnderTest } from "../server-under-test.js";
import { childOf, elementsIn, escapeXml, NS, serialize, textOf, type XmlElement } from "../xml/element.js";
import { describe, type Connection } from "./connection.js";
import { Scram, type ChannelBinding } from "./scram.js";
import { ByteTransport, openTcp, type TlsWish } from "./transport.js";
import { openWebSocket } from "./websocket-transport.js";

/** `tcp` upgrades by STARTTLS, `tls` is direct TLS (XEP-0368). */
export type TransportKind = "tcp" | "tls" | "websocket";

/** @throws Error when the server has no such port */
export async function openConnection(
  connection: Connection,
  server: ServerUnderTest,
  kind: TransportKind,
  subprotocol = "xmpp",
): Promise<void> {
  await connection.open(async (listener) => {
    if (kind === "websocket") {
      return openWebSocket(server.webSocketUrl ?? "", server.isCertificateTrusted, listener, [subprotocol]);
    }
    const port = kind === "tcp" ? server.port : server.tlsPort;
    if (port === undefined) throw new Error("the server has no port for direct TLS");
    const duplex = kind === "tcp" ? server.connect?.() : undefined;
    return duplex === undefined ? openTcp(server.address, port, listener) : new ByteTransport(duplex, listener);
  });
  if (kind === "tls") await connection.startTls({ ...tlsWish(server), alpn: "xmpp-client" });
}

/** TLS for the server's domain, as clients negotiate it. */
export function tlsWish(server: ServerUnderTest): TlsWish {
  return { servername: server.domain, isTrusted: server.isCertificateTrusted };
}

/** The stream header as RFC 6120 §4.2 wants it, or `<open/>` of RFC 7395 §3.4. */
export function streamHeader(isFramed: boolean, domain: string): string {
  const to = escapeXml(domain);
  if (isFramed) return `<open xmlns='${NS.framing}' to='${to}' version='1.0'/>`;
  return `<?xml version='1.0'?><stream:stream to='${to}' version='1.0' xml:lang='en' xmlns='jabber:client' xmlns:stream='${NS.stream}'>`;
}

/** Opens or restarts the stream and gives the features. @throws Error when something else comes */
export function openStream(connection: Connection, domain: string): Promise<XmlElement> {
  return openStreamWith(connection, streamHeader(connection.wire.isFramed, domain));
}

/** The same with this header; `onHeader` sees the server's. */
export async function openStreamWith(
  connection: Connection,
  text: string,
  onHeader: (header: XmlElement) => void = () => undefined,
): Promise<XmlElement> {
  connection.expectNewStream();
  connection.send(text);
  const header = await connection.next();
  if (header.kind !== "header") throw new Error(`expected a stream header, but came ${describe(header)}`);
  onHeader(header.element);
  const features = await connection.nextElement();
  if (features.name !== "features") throw new Error(`expected stream features, but came ${serialize(features)}`);
  return features;
}

/** Opens the stream and encrypts it when the server can. Gives the features of the encrypted stream. */
export async function openSecureStream(connection: Connection, server: ServerUnderTest): Promise<XmlElement> {
  const features = await openStream(connection, server.domain);
  const isSecure = connection.wire.isFramed || connection.wire.tls !== undefined;
  if (isSecure || childOf(features, "starttls", NS.tls) === undefined) return features;
  await upgradeToTls(connection, tlsWish(server));
  return openStream(connection, server.domain);
}

/** `<starttls/>`, `<proceed/>`, handshake. */
export async function upgradeToTls(connection: Connection, wish: TlsWish): Promise<void> {
  connection.send(`<starttls xmlns='${NS.tls}'/>`);
  const answer = await connection.nextElement();
  if (answer.name !== "proceed") throw new Error(`expected <proceed/>, but came ${serialize(answer)}`);
  await connection.startTls(wish);
}

/** The SASL mechanisms in stream features. */
export function mechanismsIn(features: XmlElement): string[] {
  const list = childOf(features, "mechanisms", NS.sasl);
  return list === undefined ? [] : elementsIn(list).map((mechanism) => textOf(mechanism).trim());
}

const preferred = ["SCRAM-SHA-256", "SCRAM-SHA-1", "SCRAM-SHA-512", "PLAIN"];

/** Authenticates with this mechanism or the best of those offered; the stream must be restarted afterwards. */
export async function authenticate(connection: Connection, account: Account, features: XmlElement, mechanism?: string) {
  const offered = mechanismsIn(features);
  const chosen = mechanism ?? preferred.find((name) => offered.includes(name));
  if (chosen === undefined) throw new Error(`no mechanism of ours among ${offered.join(", ") || "none"}`);
  const outcome = await (chosen === "PLAIN" ? plain(connection, account) : scram(connection, account, chosen));
  if (outcome.name !== "success") throw new Error(`${chosen}: expected <success/>, but came ${serialize(outcome)}`);
}

async function plain(connection: Connection, account: Account): Promise<XmlElement> {
  const response = Buffer.from(`\0${account.localpart}\0${account.password}`).toString("base64");
  connection.send(`<auth xmlns='${NS.sasl}' mechanism='PLAIN'>${response}</auth>`);
  return connection.nextElement();
}

async function scram(connection: Connection, account: Account, mechanism: string): Promise<XmlElement> {
  const binding = mechanism.endsWith("-PLUS") ? channelBinding(connection) : { flag: "n", data: Buffer.alloc(0) };
  const exchange = new Scram(mechanism, account.localpart, account.password, binding);
  connection.send(`<auth xmlns='${NS.sasl}' mechanism='${mechanism}'>${toBase64(exchange.first())}</auth>`);
  const challenge = await connection.nextElement();
  if (challenge.name !== "challenge") return challenge;
  const response = await exchange.final(fromBase64(textOf(challenge)));
  connection.send(`<response xmlns='${NS.sasl}'>${toBase64(response)}</response>`);
  const outcome = await connection.nextElement();
  if (outcome.name === "success" && !exchange.isServerProven(fromBase64(textOf(outcome)))) {
    throw new Error("the server did not prove that it knows the password");
  }
  return outcome;
}

/**
 * Channel binding by the named type: `tls-exporter` (RFC 9266), `tls-server-end-point` (RFC 5929), `tls-unique`; by default
 * what fits the TLS version. @throws Error without TLS
 */
export function channelBinding(connection: Connection, type?: string): ChannelBinding {
  const { tls } = connection.wire;
  if (tls === undefined) throw new Error("there is no TLS to bind to");
  const chosen = type ?? (tls.getProtocol() === "TLSv1.3" ? "tls-exporter" : "tls-unique");
  const flag = `p=${chosen}`;
  if (chosen === "tls-exporter") {
    return { flag, data: tls.exportKeyingMaterial(32, "EXPORTER-Channel-Binding", Buffer.alloc(0)) };
  }
  if (chosen === "tls-unique") return { flag, data: tls.getFinished() ?? Buffer.alloc(0) };
  const certificate = tls.getPeerX509Certificate() ?? new X509Certificate("");
  return { flag, data: createHash("sha256").update(certificate.raw).digest() };
}

/** Binds a resource, the wished one or the server's choice. Gives the full JID. */
export async function bindResource(connection: Connection, resource?: string): Promise<string> {
  const wish = resource === undefined ? "" : `<resource>${escapeXml(resource)}</resource>`;
  connection.send(`<iq xmlns='jabber:client' type='set' id='bind'><bind xmlns='${NS.bind}'>${wish}</bind></iq>`);
  const answer = await connection.nextElement();
  const result = childOf(answer, "bind", NS.bind);
  const jid = result && childOf(result, "jid");
  if (jid === undefined) throw new Error(`expected a bound JID, but came ${serialize(answer)}`);
  return textOf(jid).trim();
}

/** Everything from the stream header to the bound resource. Gives the full JID. */
export async function logIn(
  connection: Connection,
  server: ServerUnderTest,
  account: Account,
  options: { kind: TransportKind; resource?: string | undefined; mechanism?: string | undefined },
): Promise<string> {
  await openConnection(connection, server, options.kind);
  const features = await openSecureStream(connection, server);
  await authenticate(connection, account, features, options.mechanism);
  await openStream(connection, server.domain);
  return bindResource(connection, options.resource);
}

export const toBase64 = (text: string): string => Buffer.from(text).toString("base64");
export const fromBase64 = (text: string): string => Buffer.from(text, "base64").toString("utf8");
