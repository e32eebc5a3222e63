// Names of hosts as an operator writes them.
import { domainToASCII, domainToUnicode } from "node:url";

const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** The name in its one form (lower case, U-labels; RFC 7622 §3.2), or undefined when it can't name a host. */
export function prepareHostName(name: string): string | undefined {
  const ascii = domainToASCII(name.normalize("NFC"));
  const isName = ascii !== "" && ascii.length <= 253 && ascii.split(".").every((label) => LABEL.test(label));
  return isName ? domainToUnicode(ascii) : undefined;
}
