// SCRAM-SHA-1-PLUS (RFC 5802), bound to the TLS channel under it (RFC 9266 tls-exporter, RFC 5929 tls-server-end-point).
import { scramMechanism } from "./scram.js";

export const scramSha1Plus = scramMechanism("SCRAM-SHA-1-PLUS", "SHA-1", true);
