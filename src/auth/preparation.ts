// How names and passwords are prepared before they are compared or stored.
import type { AccountKey } from "../storage/records.js";

/** What authentication needs of `jid/`; each answers undefined for text that the profile refuses. */
export interface Preparation {
  /** RFC 7622 §3.3, UsernameCaseMapped and the forbidden characters. */
  localpart(text: string): string | undefined;
  password(text: string): string | undefined;
  /** A bare JID with a localpart; undefined for anything else, a full JID too. */
  bareJid(text: string): AccountKey | undefined;
}

/** Octets; RFC 4616 §2 asks for 255 at the least, RFC 7622 has 1 023 for every part of an address. */
export const LONGEST_PASSWORD = 1023;

/**
 * SASLprep, and OpaqueString only for what SASLprep refuses.
 *
 * In SCRAM the client prepares the password, out of our sight: what counts is that the keys we derive are the ones that
 * it derives. RFC 5802 §2.2 says SASLprep and that is what clients have; RFC 8265's OpaqueString would part from them at
 * compatibility characters (NFC against NFKC). ASCII passwords are the same in both. SASLprep is bound to Unicode 3.2
 * and so refuses emoji and younger letters, and some mixtures of right-to-left letters with digits: there OpaqueString
 * takes over, which fits PLAIN and the clients that send such passwords as they are, and shuts out nobody.
 */
export function passwordPreparation(
  saslprep: (text: string) => string | undefined,
  opaqueString: (text: string) => string | undefined,
): Preparation["password"] {
  return (text) => {
    if (text === "" || Buffer.byteLength(text) > LONGEST_PASSWORD) return undefined;
    const prepared = saslprep(text) ?? opaqueString(text);
    return prepared === "" ? undefined : prepared;
  };
}
