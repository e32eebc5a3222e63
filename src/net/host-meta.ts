// Where a host's other connection methods are (XEP-0156; RFC 6415), in XML and JSON.
import { escapeAttribute } from "../xml/escape.js";
import type { HttpReply, HttpRequest, Route } from "./routes.js";

/** One way to connect: its relation, `urn:xmpp:alt-connections:websocket` or `…:xbosh`, and its URL. */
export interface ConnectionLink {
  readonly rel: string;
  readonly href: string;
}

export const websocketRelation = "urn:xmpp:alt-connections:websocket";

/** `linksOf` gives the links of a virtual host, and undefined for a name that is none. */
export function hostMetaRoutes(linksOf: (host: string) => readonly ConnectionLink[] | undefined): Route[] {
  const answer = (write: (links: readonly ConnectionLink[]) => HttpReply) => (request: HttpRequest) => {
    const links = linksOf(request.host);
    return links === undefined ? { status: 404 } : write(links.filter(isSecure));
  };
  return [
    { method: "GET", path: "/.well-known/host-meta", isPublic: true, handle: answer(writeXrd) },
    { method: "GET", path: "/.well-known/host-meta.json", isPublic: true, handle: answer(writeJrd) },
  ];
}

/** XEP-0156 §3.2: "MUST only use connection URLs starting with 'https://' or 'wss://'". */
function isSecure({ href }: ConnectionLink): boolean {
  return href.startsWith("wss://") || href.startsWith("https://");
}

function writeXrd(links: readonly ConnectionLink[]): HttpReply {
  const lines = links.map(
    ({ rel, href }) => `  <Link rel="${escapeAttribute(rel)}" href="${escapeAttribute(href)}"/>\n`,
  );
  const namespace = "http://docs.oasis-open.org/ns/xri/xrd-1.0";
  const body = `<?xml version="1.0" encoding="utf-8"?>\n<XRD xmlns="${namespace}">\n${lines.join("")}</XRD>\n`;
  return { status: 200, headers: { "content-type": "application/xrd+xml; charset=utf-8" }, body };
}

function writeJrd(links: readonly ConnectionLink[]): HttpReply {
  return { status: 200, headers: { "content-type": "application/json" }, body: `${JSON.stringify({ links })}\n` };
}
