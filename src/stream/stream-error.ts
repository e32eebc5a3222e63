// Stream errors (RFC 6120 §4.9): what can go so wrong that the stream must end.
import { escapeText } from "../xml/escape.js";

/** RFC 6120 §4.9.3. */
export type StreamCondition =
  | "bad-format"
  | "bad-namespace-prefix"
  | "conflict"
  | "connection-timeout"
  | "host-gone"
  | "host-unknown"
  | "improper-addressing"
  | "internal-server-error"
  | "invalid-from"
  | "invalid-namespace"
  | "invalid-xml"
  | "not-authorized"
  | "not-well-formed"
  | "policy-violation"
  | "remote-connection-failed"
  | "reset"
  | "resource-constraint"
  | "restricted-xml"
  | "see-other-host"
  | "system-shutdown"
  | "undefined-condition"
  | "unsupported-encoding"
  | "unsupported-feature"
  | "unsupported-stanza-type"
  | "unsupported-version";

/** Thrown by a handler of a stream to end it. */
export class StreamError extends Error {
  constructor(
    readonly condition: StreamCondition,
    readonly text?: string,
    /** An application-specific condition, as XML (§4.9.4). */
    readonly application = "",
  ) {
    super(text ?? condition);
    this.name = "StreamError";
  }

  /** The element, with the prefix that the stream header declared; over WebSocket it declares it itself. */
  toXml(isFramed: boolean): string {
    const namespace = "urn:ietf:params:xml:ns:xmpp-streams";
    const declared = isFramed ? " xmlns:stream='http://etherx.jabber.org/streams'" : "";
    const text =
      this.text === undefined ? "" : `<text xmlns='${namespace}' xml:lang='en'>${escapeText(this.text)}</text>`;
    return `<stream:error${declared}><${this.condition} xmlns='${namespace}'/>${text}${this.application}</stream:error>`;
  }
}
