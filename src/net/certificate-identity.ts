// Whom a server's certificate names (RFC 6120 §13.7.1.2, RFC 9525), and whether that is the domain we want.
import type { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { alternativeNamesIn } from "./certificate-fields.js";
import { dnsName, dnsNameOfDomain } from "./domain-names.js";

export interface CertificateIdentities {
  /** DNS-ID, wildcards as written. */
  readonly dns: readonly string[];
  /** SRV-ID: "_xmpp-server.example.org". */
  readonly srv: readonly string[];
  /** XmppAddr: JIDs; those of servers are domains. */
  readonly xmpp: readonly string[];
}

export type XmppService = "xmpp-server" | "xmpp-client";

/** Unprepared, as they stand there; none when the certificate is malformed. The common name is no identity (RFC 9525 §2). */
export function identitiesOf(certificate: X509Certificate): CertificateIdentities {
  const { dns, srv, xmpp } = alternativeNamesIn(certificate.raw);
  return { dns, srv, xmpp };
}

/**
 * True when the certificate names `domain` (prepared; may have labels beyond ASCII). Whether the certificate is to be
 * believed is judgePath()'s matter.
 */
export function isMadeOutTo(certificate: X509Certificate, domain: string, service: XmppService): boolean {
  const wanted = dnsNameOfDomain(domain);
  if (wanted === undefined || isIP(wanted) !== 0) return false; // addresses are no DNS names, whatever they look like
  const { dns, srv, xmpp } = identitiesOf(certificate);
  return (
    dns.some((pattern) => isMatch(pattern, wanted)) ||
    srv.some((name) => isServiceMatch(name, wanted, service)) ||
    xmpp.some((address) => dnsNameOfDomain(address) === wanted)
  );
}

/** RFC 4985 §2: `_service.name`; the service's case does not count. Wildcards as in DNS-IDs (RFC 9525 §6.3). */
function isServiceMatch(name: string, wanted: string, service: XmppService): boolean {
  const prefix = `_${service}.`;
  return name.toLowerCase().startsWith(prefix) && isMatch(name.slice(prefix.length), wanted);
}

/** RFC 9525 §6.3: a wildcard is the whole leftmost label and stands for one; "*.org" is too much for anybody to own. */
function isMatch(pattern: string, wanted: string): boolean {
  if (!pattern.startsWith("*.")) return dnsName(pattern) === wanted;
  const parent = dnsName(pattern.slice(2));
  const [first = "", ...rest] = wanted.split(".");
  return parent !== undefined && first !== "" && rest.length >= 2 && rest.join(".") === parent;
}
