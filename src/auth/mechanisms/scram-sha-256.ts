// SCRAM-SHA-256 (RFC 5802, 7677).
import { scramMechanism } from "./scram.js";

export const scramSha256 = scramMechanism("SCRAM-SHA-256", "SHA-256", false);
