// Fetches a small JSON document over https, from servers that may be slow, verbose or hostile.
import type { IncomingMessage } from "node:http";
import { type Agent, request } from "node:https";
import { isIP, type LookupFunction } from "node:net";

export interface HttpsOptions {
  /** With the authorities that web servers' certificates are checked against. */
  readonly agent: Agent;
  /** How names are resolved; the system's way when left out. */
  readonly lookup?: LookupFunction;
  /** Ends the whole affair. */
  readonly signal: AbortSignal;
}

/** Octets. */
const longestDocument = 65_536;
const mostRedirects = 5;
const redirections: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/**
 * The document at `url`. Rejects with an Error when it is not to be had: no https, a certificate that is not good for
 * the host, another status than 200, too long, no JSON, too many redirects, or aborted.
 */
export async function fetchJson(url: URL, options: HttpsOptions): Promise<unknown> {
  let place = url;
  for (let redirects = 0; redirects <= mostRedirects; redirects += 1) {
    requireHttps(place);
    const response = await get(place, options);
    const { statusCode = 0, headers } = response;
    if (statusCode === 200) return JSON.parse(await textOf(response));
    response.destroy();
    if (!redirections.has(statusCode)) throw new Error(`${place.href} answered with status ${statusCode}`);
    place = new URL(headers.location ?? "", place);
  }
  throw new Error(`${url.href} leads through more than ${mostRedirects} redirects`);
}

/** Addresses have no place here: whoever publishes a document about a domain has a name. */
function requireHttps({ protocol, hostname, username, href }: URL): void {
  const isAddress = isIP(hostname) !== 0 || hostname.startsWith("[");
  if (protocol !== "https:" || isAddress || username !== "") throw new Error(`${href} is no acceptable https address`);
}

function get(url: URL, { agent, lookup, signal }: HttpsOptions): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = { accept: "application/json" };
    const found = lookup === undefined ? {} : { lookup };
    request(url, { agent, signal, headers, ...found }, resolve)
      .on("error", reject)
      .end();
  });
}

async function textOf(response: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of response as AsyncIterable<Buffer>) {
    length += piece.length;
    // Throwing ends the loop, and with it the connection.
    if (length > longestDocument) throw new Error(`a document of more than ${longestDocument} octets`);
    pieces.push(piece);
  }
  return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(pieces));
}
