// The other end of a stream that the server under test has opened: answers it as a good server would.
import { randomBytes } from "node:crypto";
import { describe, type Connection } from "../client/connection.js";
import { serverHeader, type Pair } from "../client/server-stream.js";
import { ByteTransport, type TlsIdentity } from "../client/transport.js";
import { escapeXml, NS, serialize, type XmlElement } from "../xml/element.js";
import type { Gate } from "./gate.js";

/** What the peer is and offers. */
export interface Host {
  readonly gate: Gate;
  readonly identity: TlsIdentity | undefined;
  /** Whose certificates are valid, PEM. */
  readonly authority: string;
  /** The peer's domain, and the server's. */
  readonly pair: Pair;
  /** Stream features inside TLS, before the server is authenticated. */
  readonly features: string;
}

const dialbackFeature = "<dialback xmlns='urn:xmpp:features:dialback'><errors/></dialback>";
export const externalFeature = `<mechanisms xmlns='${NS.sasl}'><mechanism>EXTERNAL</mechanism></mechanisms>`;

/** By what the server may prove itself: `external`, `dialback` or both (anything else). */
export function featuresFor(proof: string | undefined): string {
  if (proof === "external") return externalFeature;
  return proof === "dialback" ? dialbackFeature : externalFeature + dialbackFeature;
}

/** Lets in who comes next, in TLS at once when that is how the gate is. */
export async function acceptConnection(connection: Connection, host: Host, patience: number): Promise<void> {
  const socket = await host.gate.next(patience);
  await connection.open(async (listener) => new ByteTransport(socket, listener));
  if (host.gate.isDirectTls) await connection.acceptTls(host.identity, host.authority);
}

/** Waits for the server's header. @throws Error when something else comes */
export async function awaitHeader(connection: Connection): Promise<XmlElement> {
  const event = await connection.next();
  if (event.kind !== "header") throw new Error(`expected a stream header, but came ${describe(event)}`);
  return event.element;
}

/** Answers the header, to whoever sent it. Gives the id of the stream. */
export function answerHeader(connection: Connection, { pair }: Host, header?: XmlElement): string {
  const id = randomBytes(8).toString("hex");
  connection.send(serverHeader({ ...pair, to: header?.attributes.get("from") ?? pair.to }, id));
  return id;
}

async function receiveHeader(connection: Connection, host: Host): Promise<string> {
  return answerHeader(connection, host, await awaitHeader(connection));
}

/** Everything up to a stream in TLS that has been answered but been offered nothing. Gives its id. */
export async function acceptSecureStream(connection: Connection, host: Host): Promise<string> {
  const id = await receiveHeader(connection, host);
  if (connection.wire.tls !== undefined) return id;
  offer(connection, `<starttls xmlns='${NS.tls}'><required/></starttls>`);
  await acceptTls(connection, host);
  return receiveHeader(connection, host);
}

/** `<starttls/>`, `<proceed/>`, handshake. */
export async function acceptTls(connection: Connection, { identity, authority }: Host): Promise<void> {
  await expect(connection, "starttls", NS.tls);
  connection.send(`<proceed xmlns='${NS.tls}'/>`);
  await connection.acceptTls(identity, authority);
}

export function offer(connection: Connection, features: string): void {
  connection.send(`<stream:features>${features}</stream:features>`);
}

/** `<auth/>`, `<success/>`, and the new stream, which has been offered nothing yet. Gives its id. */
export async function acceptExternal(connection: Connection, host: Host): Promise<string> {
  await expect(connection, "auth", NS.sasl);
  return succeed(connection, host);
}

async function succeed(connection: Connection, host: Host): Promise<string> {
  connection.expectNewStream();
  connection.send(`<success xmlns='${NS.sasl}'/>`);
  return receiveHeader(connection, host);
}

async function expect(connection: Connection, name: string, namespace: string): Promise<XmlElement> {
  const element = await connection.nextElement();
  if (element.name === name && element.namespace === namespace) return element;
  throw new Error(`expected <${name}/>, but came ${serialize(element, NS.server)}`);
}

/** Waits until a key is to be verified, which is put back; proofs that come before are accepted. */
export async function awaitKey(connection: Connection, host: Host): Promise<void> {
  for (;;) {
    const element = await connection.nextElement();
    if (element.name === "verify") return connection.putBack([{ kind: "element", element }]);
    await answerProof(connection, host, element);
  }
}

/**
 * Answers what comes on an offered stream: proofs are accepted, keys are said to be valid. Ends when the server has proved
 * itself, or, `until` says so, when it has had a key verified. Gives whether it has proved itself.
 */
export async function answerProofs(connection: Connection, host: Host, until: "proved" | "verified"): Promise<boolean> {
  let isProved = false;
  for (;;) {
    const element = await connection.nextElement();
    await answerProof(connection, host, element);
    isProved ||= element.name !== "verify";
    if (until === "proved" ? isProved : element.name === "verify") return isProved;
  }
}

async function answerProof(connection: Connection, host: Host, element: XmlElement): Promise<void> {
  if (element.name !== "auth" || element.namespace !== NS.sasl) return connection.send(answerToKey(element));
  await succeed(connection, host);
  offer(connection, "");
}

/** Says that the key in `<db:result/>` or `<db:verify/>` is good (XEP-0220 §2). @throws Error when it is something else */
function answerToKey(element: XmlElement): string {
  const { name, namespace, attributes } = element;
  if (namespace !== NS.dialback || attributes.has("type")) {
    throw new Error(`expected that the server proves itself, but came ${serialize(element, NS.server)}`);
  }
  const [from = "", to = "", id] = ["to", "from", "id"].map((key) => attributes.get(key));
  const mark = id === undefined ? "" : ` id='${escapeXml(id)}'`;
  return `<db:${name} from='${escapeXml(from)}' to='${escapeXml(to)}'${mark} type='valid'/>`;
}
