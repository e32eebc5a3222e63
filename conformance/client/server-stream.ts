// Streams between servers, from the side that opens them: header, STARTTLS, SASL EXTERNAL (RFC 6120, XEP-0178).
import { childOf, escapeXml, NS, serialize, type XmlElement } from "../xml/element.js";
import type { Connection } from "./connection.js";
import { mechanismsIn, openStreamWith, toBase64, upgradeToTls } from "./log-in.js";
import type { TlsWish } from "./transport.js";

/** Who opens a stream to whom; both are domains. */
export interface Pair {
  readonly from: string;
  readonly to: string;
}

/** The header of a stream between servers (RFC 6120 §4.7); with an id, the answer to one. */
export function serverHeader({ from, to }: Pair, id?: string): string {
  const mark = id === undefined ? "" : ` id='${escapeXml(id)}'`;
  const names = `xmlns='${NS.server}' xmlns:stream='${NS.stream}' xmlns:db='${NS.dialback}'`;
  return `<?xml version='1.0'?><stream:stream ${names} from='${escapeXml(from)}' to='${escapeXml(to)}'${mark} version='1.0' xml:lang='en'>`;
}

/** The header of a stream from a component (XEP-0114 §3). */
export function componentHeader(domain: string): string {
  return `<?xml version='1.0'?><stream:stream xmlns='${NS.component}' xmlns:stream='${NS.stream}' to='${escapeXml(domain)}'>`;
}

/** Opens the stream, encrypts it when the server can, and gives the features of the encrypted stream. */
export async function openSecureServerStream(
  connection: Connection,
  pair: Pair,
  wish: TlsWish,
  onHeader: (header: XmlElement) => void,
): Promise<XmlElement> {
  const features = await openStreamWith(connection, serverHeader(pair), onHeader);
  if (connection.wire.tls !== undefined || childOf(features, "starttls", NS.tls) === undefined) return features;
  await upgradeToTls(connection, wish);
  return openStreamWith(connection, serverHeader(pair), onHeader);
}

export function isOfferedExternal(features: XmlElement): boolean {
  return mechanismsIn(features).includes("EXTERNAL");
}

/** Proves the domain by the certificate; the stream must be restarted afterwards. @throws Error with what came instead of success */
export async function authenticateByCertificate(connection: Connection, domain: string): Promise<void> {
  connection.send(`<auth xmlns='${NS.sasl}' mechanism='EXTERNAL'>${toBase64(domain)}</auth>`);
  const outcome = await connection.nextElement();
  if (outcome.name !== "success") throw new Error(`EXTERNAL: expected <success/>, but came ${serialize(outcome)}`);
}
