// SCRAM-SHA-1 (RFC 5802).
import { scramMechanism } from "./scram.js";

export const scramSha1 = scramMechanism("SCRAM-SHA-1", "SHA-1", false);
