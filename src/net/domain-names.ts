// Domain names as DNS, SNI and certificates have them: A-labels, lower case, no dot at the end.
import { domainToASCII } from "node:url";
import { prepareDomain } from "../jid/domain.js";
import { JidMalformed } from "../jid/malformed.js";

/** The form in which two equal DNS names are equal texts; undefined for what is no DNS name. No wildcards. */
export function dnsName(name: string): string | undefined {
  const plain = name.toLowerCase().replace(/\.$/, "");
  return plain.length <= 255 && /^[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*$/.test(plain) ? plain : undefined;
}

/** The same of the domain of an XMPP address, which may have labels beyond ASCII (RFC 7622 §3.2). */
export function dnsNameOfDomain(domain: string): string | undefined {
  try {
    const prepared = prepareDomain(domain);
    return dnsName(/^[\0-\x7f]*$/.test(prepared) ? prepared : domainToASCII(prepared));
  } catch (error) {
    if (error instanceof JidMalformed) return undefined;
    throw error;
  }
}
