// Why a TLS handshake failed, in words for the operator.

/** The message is a sentence. `cause` is the error of OpenSSL or of the socket. */
export class TlsHandshakeError extends Error {
  override readonly name = "TlsHandshakeError";
  readonly isTimeout: boolean;

  constructor(message: string, { cause, isTimeout = false }: { cause?: Error; isTimeout?: boolean } = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.isTimeout = isTimeout;
  }

  static of(cause: Error): TlsHandshakeError {
    return new TlsHandshakeError(sentenceFor(cause), { cause });
  }

  static ofClosing(): TlsHandshakeError {
    return new TlsHandshakeError("The other side closed the connection during the TLS handshake.");
  }

  /** `timeout`: milliseconds. */
  static ofTimeout(timeout: number): TlsHandshakeError {
    return new TlsHandshakeError(`The TLS handshake was not finished within ${timeout / 1000} seconds.`, {
      isTimeout: true,
    });
  }
}

/** Sentences by what OpenSSL's reason contains. */
const sentences: readonly (readonly [words: string, sentence: string])[] = [
  ["wrong version number", "The other side speaks no TLS here: what it sent is no TLS record."],
  ["no application protocol", "The other side refuses the protocol xmpp-server (ALPN): no XMPP for servers here."],
  ["unrecognized name", "The other side does not know the domain that we asked for (SNI)."],
  ["alert protocol version", "The other side speaks neither TLS 1.2 nor TLS 1.3."],
  ["unsupported protocol", "The other side speaks neither TLS 1.2 nor TLS 1.3."],
  [
    "alert handshake failure",
    "The other side found no cipher suite, curve or certificate in common (TLS alert handshake_failure).",
  ],
  ["key too small", "The other side shows a certificate, or uses parameters, with a key that is too weak."],
  ["md too weak", "The other side shows a certificate that is signed by an outdated method."],
];

function sentenceFor(error: Error): string {
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  const given = "reason" in error && typeof error.reason === "string" ? error.reason : code.replaceAll("_", " ");
  const [reason, message] = [given.toLowerCase(), error.message.toLowerCase()];
  const known = sentences.find(([words]) => reason.includes(words) || message.includes(words))?.[1];
  if (known !== undefined) return known;
  const alert = alertIn(reason) ?? alertIn(message);
  if (alert !== undefined) return `The other side ended the TLS handshake with the alert ${alert}.`;
  if (code === "ECONNRESET" || code === "EPIPE") return TlsHandshakeError.ofClosing().message;
  return `The TLS handshake failed: ${reason === "" ? error.message : reason}.`;
}

/** "sslv3 alert bad certificate" → "bad_certificate". */
function alertIn(words: string): string | undefined {
  return /\balert ([a-z ]+)(?:$|:)/.exec(words)?.[1]?.replaceAll(" ", "_");
}
