// What a peer may send at most; the reader refuses the rest with policy-violation.

/** Bounds on one first-level element (and on the stream header, which is counted alike). */
export interface ReaderLimits {
  /** Bytes of one first-level element, from its `<` to the `>` of its end tag (RFC 6120 §13.12, XEP-0478). */
  stanzaBytes: number;
  /** Levels of nesting; the stanza itself is level 1. */
  depth: number;
  /** Attributes of one element, namespace declarations included. */
  attributes: number;
  /** Elements inside the stanza, at every level together; no bound when absent. */
  childElements?: number;
  /** Bytes of the name of an element or attribute, prefix included. */
  nameLength: number;
}
