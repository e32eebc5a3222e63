// SCRAM-SHA-256-PLUS (RFC 5802, 7677), bound to the TLS channel under it (RFC 9266 tls-exporter, RFC 5929 tls-server-end-point).
import { scramMechanism } from "./scram.js";

export const scramSha256Plus = scramMechanism("SCRAM-SHA-256-PLUS", "SHA-256", true);
