// Requests of the negotiation that come once it is over: for the session of RFC 3921 §3, and to bind once more.
import type { LocalHost } from "../routing/local-host.js";
import { StanzaError } from "../stanza/stanza-error.js";
import { NAMESPACES } from "../xml/namespaces.js";

/** Makes the host grant sessions, and refuse to bind another resource. */
export function serveSessionRequests(host: LocalHost): void {
  // Old clients insist on a session, so we offer it as optional; it does nothing, for binding has made one (RFC 6121 appendix E).
  for (const target of ["own-account", "host"] as const) {
    host.iq.add("set", target, NAMESPACES.session, "session", "session", () => undefined);
  }
  // RFC 6120 §7.1: a stream has one resource.
  host.iq.add("set", "own-account", NAMESPACES.bind, "bind", "session", () => {
    throw new StanzaError("not-allowed", { text: "A resource is bound already." });
  });
}
