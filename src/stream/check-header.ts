// Whether a stream header is one that we can answer (RFC 6120 §4.7, §4.8).
import { NAMESPACES } from "../xml/namespaces.js";
import type { StreamOpening } from "../xml/opening.js";
import { streamsNamespace } from "./framing.js";
import { StreamError } from "./stream-error.js";

/** Throws the StreamError that a header deserves which is not of XMPP 1.0 or has another content namespace. */
export function checkHeader(opening: StreamOpening, contentNamespace: string = NAMESPACES.client): void {
  checkNames(opening, contentNamespace);
  // RFC 6120 §4.7.5: less than 1.0, or none at all, is not XMPP as we speak it
  if (!(Number.parseInt(opening.version ?? "", 10) >= 1)) throw new StreamError("unsupported-version");
}

/** The same for protocols that have no version, such as that of components. */
export function checkNames(opening: StreamOpening, contentNamespace: string): void {
  if (opening.namespace !== streamsNamespace) throw new StreamError("invalid-namespace");
  if (opening.prefix !== "stream") throw new StreamError("bad-namespace-prefix");
  if (opening.name !== "stream") throw new StreamError("bad-format");
  if (opening.defaultNamespace !== contentNamespace) throw new StreamError("invalid-namespace");
}
