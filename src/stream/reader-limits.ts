// The reader's limits of an option section: clients and other servers have sections of their own, with the same names.
import type { ReaderLimits } from "../xml/limits.js";

interface StanzaLimits {
  readonly stanza_depth: number;
  readonly stanza_attributes: number;
  readonly stanza_elements: number;
}

/** `stanzaBytes`: the longest stanza; it is another before anybody has proven who they are. */
export function readerLimitsOf(limits: StanzaLimits, stanzaBytes: number): ReaderLimits {
  return {
    stanzaBytes,
    depth: limits.stanza_depth,
    attributes: limits.stanza_attributes,
    childElements: limits.stanza_elements,
    nameLength: 256,
  };
}
