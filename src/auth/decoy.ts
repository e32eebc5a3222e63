// Keys for accounts that can't log in by SCRAM, so that nobody learns from an exchange which accounts exist (RFC 6120 §13.11).
import { createHmac } from "node:crypto";
import type { AccountKey, ScramKeys } from "../storage/records.js";
import { HASH_LENGTHS, type ScramHash } from "./primitives.js";
import { SALT_LENGTH } from "./scram-keys.js";

/**
 * Makes the decoys of one server; the same account and iterations always get the same ones.
 * `iterations`: all the counts that real accounts have, the current one and the former ones. A decoy takes one of them,
 * as a real account has the count of the day on which its password was set, and with it a salt of its own.
 */
export type Decoys = (
  key: AccountKey,
  hash: ScramHash,
  iterations: readonly [newest: number, ...former: readonly number[]],
) => ScramKeys;

/** `secret`: 32 octets that only this server knows, kept over restarts; without it salts could be told from real ones. */
export function decoys(secret: Buffer): Decoys {
  if (secret.length < 32) throw new RangeError("the server's secret has fewer than 32 octets");
  const stretch = (...parts: readonly string[]) => createHmac("sha512", secret).update(parts.join("\0")).digest();
  return ({ host, user }, hash, iterations) => {
    // Real accounts have one count for both hashes, so the hash takes no part in this choice.
    const choice = iterations.length === 1 ? 0 : stretch("iterations", host, user).readUInt32BE(0) % iterations.length;
    const count = iterations[choice] ?? iterations[0];
    const octets = stretch("keys", host, user, hash, String(count));
    const salt = octets.subarray(0, SALT_LENGTH).toString("base64");
    const storedKey = octets.subarray(SALT_LENGTH, SALT_LENGTH + HASH_LENGTHS[hash]).toString("base64");
    return { salt, iterations: count, storedKey, serverKey: storedKey };
  };
}
