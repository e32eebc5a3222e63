// What a stream is given: whom it talks to, and what all streams of a kind share.
import type { Stanza } from "../stanza/stanza.js";
import type { Fragment } from "../xml/fragment.js";
import type { ReaderLimits } from "../xml/limits.js";
import type { StreamOpening } from "../xml/opening.js";
import type { Flusher } from "./flusher.js";
import type { Framing } from "./framing.js";
import type { Stream } from "./stream.js";
import type { StreamError } from "./stream-error.js";

/** Who a stream talks to: negotiation first, the bound session after. */
export interface StreamHandler {
  opened(opening: StreamOpening): void;
  received(fragment: Fragment): void;
  /**
   * We have said our last word: the connection may stay for a while, but nothing more can be sent. `unsent`: stanzas that
   * waited for a peer who does not read. Not called when the connection is lost.
   */
  closing(unsent: readonly Stanza[]): void;
  /** The stream is over, for whatever reason; called once. `unsent`: stanzas that never went out. */
  closed(unsent: readonly Stanza[]): void;
  /** The peer does not read: more waits for it than the outbox may hold. */
  overflowed(): void;
  /** We are about to end the stream with this error; closing() follows. For logs: who throws knows already. */
  failing?(error: StreamError): void;
  /** The peer has read all that waited for it. */
  drained?(): void;
}

export interface StreamOptions {
  readonly framing: Framing;
  readonly limits: ReaderLimits;
  readonly flusher: Flusher;
  /** What we call ourselves to a peer who has named none of our hosts (RFC 6120 §4.9.1.3). */
  readonly address: () => string | undefined;
  /** Bytes that may wait to be sent. */
  readonly outboxBytes: number;
  /** Milliseconds that a peer has to take the last bytes when we close. */
  readonly closeTimeout: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Hears of what a handler threw that was no StreamError: a fault of ours, which ends this stream and no other. */
  readonly onFailure: (error: unknown) => void;
  /** Told last, once the transport is gone. */
  readonly onClosed: (stream: Stream) => void;
}
