// Names of hosts as an operator writes them.
import { prepareDomain } from "../jid/domain.js";
import { JidMalformed } from "../jid/malformed.js";

/** The name in its one form (RFC 7622 §3.2), or undefined when it can't name a host. */
export function prepareHostName(name: string): string | undefined {
  try {
    return prepareDomain(name);
  } catch (error) {
    if (error instanceof JidMalformed) return undefined;
    throw error;
  }
}
