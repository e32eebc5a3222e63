// What the reader of a component's stream takes: stanzas as long as configured, and as intricate as those of servers.
import type { ReaderLimits } from "../xml/limits.js";

/** `stanzaBytes`: the longest stanza. */
export function limitsOf(stanzaBytes: number): ReaderLimits {
  return { stanzaBytes, depth: 64, attributes: 64, childElements: 10_000, nameLength: 256 };
}
