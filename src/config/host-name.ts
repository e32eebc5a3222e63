// Names of hosts as an operator writes them.
import { prepareDomain } from "../jid/domain.js";
import { JidMalformed } from "../jid/malformed.js";
import { kind, OptionError, type Kind } from "./kind.js";

/** The name in its one form (RFC 7622 §3.2), or undefined when it can't name a host. */
export function prepareHostName(name: string): string | undefined {
  try {
    return prepareDomain(name);
  } catch (error) {
    if (error instanceof JidMalformed) return undefined;
    throw error;
  }
}

/** A domain; the value is prepared. */
export const domainName: Kind<string> = named('domain such as "mantua.example"', prepareHostName);

/** A domain, or "*.domain" for all its subdomains, at any depth, without itself; the value is prepared. */
export const domainPattern: Kind<string> = named(
  'domain such as "mantua.example", or "*.mantua.example" for all its subdomains',
  (text) => {
    if (!text.startsWith("*.")) return prepareHostName(text);
    const parent = prepareHostName(text.slice(2));
    return parent === undefined ? undefined : `*.${parent}`;
  },
);

function named(type: string, prepare: (text: string) => string | undefined): Kind<string> {
  return {
    ...kind.string(),
    type,
    read(value) {
      const prepared = typeof value === "string" ? prepare(value) : undefined;
      if (prepared === undefined) throw new OptionError(type);
      return prepared;
    },
  };
}
