// The session request of RFC 3921 §3: old clients insist on it, so we offer it as optional, and it does nothing.
import type { LocalHost } from "../routing/local-host.js";
import { NAMESPACES } from "../xml/namespaces.js";

/** Makes the host grant sessions: binding has made one already (RFC 6121 appendix E). */
export function serveSessionRequests(host: LocalHost): void {
  for (const target of ["own-account", "host"] as const) {
    host.iq.add("set", target, NAMESPACES.session, "session", "session", () => undefined);
  }
}
