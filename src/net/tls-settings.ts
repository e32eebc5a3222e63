// Which TLS we speak: versions, suites and curves for every listener (RFC 7590, RFC 9325).
import { constants } from "node:crypto";
import type { SecureContextOptions } from "node:tls";

// RFC 9325 §4.2: forward secrecy and authenticated encryption only. AES-128 first, because it is the cheapest.
const suites = [
  "TLS_AES_128_GCM_SHA256",
  "TLS_AES_256_GCM_SHA384",
  "TLS_CHACHA20_POLY1305_SHA256",
  "ECDHE-ECDSA-AES128-GCM-SHA256",
  "ECDHE-RSA-AES128-GCM-SHA256",
  "ECDHE-ECDSA-AES256-GCM-SHA384",
  "ECDHE-RSA-AES256-GCM-SHA384",
  "ECDHE-ECDSA-CHACHA20-POLY1305",
  "ECDHE-RSA-CHACHA20-POLY1305",
];

/** Applied to every secure context; certificate and key are added by the certificate store. */
export const tlsSettings: Readonly<SecureContextOptions> = Object.freeze({
  minVersion: "TLSv1.2", // RFC 9325 §3.1.1
  ciphers: suites.join(":"),
  honorCipherOrder: true,
  ecdhCurve: "X25519:P-256:P-384", // RFC 9325 §4.3
  // A session from one of our contexts may be resumed with another; without a common id OpenSSL refuses it.
  sessionIdContext: "rookery",
  // RFC 9325 §3.5: nobody needs renegotiation, and it costs the server more than the client.
  secureOptions: constants.SSL_OP_NO_RENEGOTIATION | constants.SSL_OP_NO_COMPRESSION,
});

/**
 * For connections with other servers, in both roles: without session tickets, because a resumed session has lost the
 * certificates on which its authentication stands.
 */
export const tlsSettingsForServers: Readonly<SecureContextOptions> = Object.freeze({
  ...tlsSettings,
  secureOptions: (tlsSettings.secureOptions ?? 0) | constants.SSL_OP_NO_TICKET,
});
