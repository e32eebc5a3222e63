// What a stream stands on: TCP, direct TLS and WebSocket look the same from here up (ARCHITECTURE §3.4).
import type { X509Certificate } from "node:crypto";
import type { PeerCertificate } from "node:tls";

export type TransportKind = "tcp" | "websocket";

/** Channel bindings that a server can offer (RFC 9266, RFC 5929), by their registered names. */
export type ChannelBindingType = "tls-exporter" | "tls-server-end-point";

/** What is known of the encryption under a transport. */
export interface TlsFacts {
  /** "TLSv1.3" or "TLSv1.2". */
  readonly protocol: string;
  readonly cipher: string;
  /** The host whose certificate was shown; undefined when the client sent no SNI. */
  readonly serverName: string | undefined;
  /** Undefined when this type is not to be had on this connection. */
  channelBinding(type: ChannelBindingType): Buffer | undefined;
  /** The client's certificate, only when its chain was verified against the listener's authorities. */
  clientCertificate(): PeerCertificate | undefined;
  /**
   * What the peer sent, its own certificate first; none when it sent none. Unverified: judgePath() does that. Not to be
   * had after a resumption, nor when they are asked for the first time once the connection is closed.
   */
  peerCertificates(): readonly X509Certificate[];
}

/** The stream layer's ears. Called synchronously; `closed` exactly once, last. */
export interface TransportEvents {
  /** TCP: any piece of the byte stream. WebSocket: one whole text frame. */
  received(bytes: Buffer): void;
  /** Everything written has gone to the kernel (called after write() had returned false). */
  drained(): void;
  /** The peer sent its last byte (half-closed TCP, WebSocket close frame); what we write may still arrive. */
  ended(): void;
  closed(error: Error | undefined): void;
}

export interface Transport {
  readonly kind: TransportKind;
  readonly remoteAddress: string;
  readonly remotePort: number;
  /** Undefined while the connection is in clear. Behind a TLS-ending proxy on loopback: see the listener's options. */
  readonly tls: TlsFacts | undefined;
  /** True for a clear-text connection that the operator declared secure enough for PLAIN and for skipping STARTTLS. */
  readonly isTrusted: boolean;
  /** Bytes accepted by write() that have not gone to the kernel. */
  readonly bufferedBytes: number;
  listen(events: TransportEvents): void;
  /**
   * TCP: bytes as they are. WebSocket: exactly one frame. `isAscii` lets the text go out without UTF-8 encoding. False: no
   * more for now, until `drained`.
   */
  write(text: string, isAscii: boolean): boolean;
  /** The same with text that is encoded already. The bytes must stay as they are. */
  writeBytes(bytes: Buffer): boolean;
  /** Stops reading (back-pressure); resume() goes on. */
  pause(): void;
  resume(): void;
  /**
   * Takes the connection into TLS (after <proceed/>), with the certificate of the name in SNI or else of `host`.
   * Bytes that had come in clear are dropped by the caller's reader. Rejects when the handshake fails (and closes).
   */
  startTls(host: string): Promise<void>;
  /** Calls back once all that was written so far has gone to the kernel; not at all when the connection is lost. */
  flushed(done: () => void): void;
  /** Sends what is buffered, then closes; destroys after `timeout` milliseconds when the peer does not read. */
  end(timeout: number): void;
  destroy(): void;
}
