// SCRAM's keys and proofs (RFC 5802 §3), apart from any message.
import type { ScramKeys } from "../storage/records.js";
import { isEqual, type Primitives, type ScramHash } from "./primitives.js";

/** RFC 7677 §4 asks for 4 096 at the least; XEP-0438 §4.2 for 10 000, which is also the default. */
export const DEFAULT_ITERATIONS = 10_000;
export const MINIMUM_ITERATIONS = 10_000;

/** Octets; twice what RFC 8018 §4.1 asks for at the least. */
export const SALT_LENGTH = 16;

/** Derives what is stored of a prepared password. */
export async function deriveScramKeys(
  primitives: Primitives,
  hash: ScramHash,
  password: string,
  salt: Buffer,
  iterations: number,
): Promise<ScramKeys> {
  const saltedPassword = await primitives.pbkdf2(hash, password, salt, iterations);
  return {
    salt: salt.toString("base64"),
    iterations,
    storedKey: storedKeyOf(primitives, hash, saltedPassword).toString("base64"),
    serverKey: primitives.hmac(hash, saltedPassword, "Server Key").toString("base64"),
  };
}

/** Whether a prepared password leads to these keys. */
export async function isPasswordOf(
  primitives: Primitives,
  hash: ScramHash,
  keys: ScramKeys,
  password: string,
): Promise<boolean> {
  const saltedPassword = await primitives.pbkdf2(hash, password, Buffer.from(keys.salt, "base64"), keys.iterations);
  return isEqual(storedKeyOf(primitives, hash, saltedPassword), Buffer.from(keys.storedKey, "base64"));
}

/** Whether a client's proof for this AuthMessage was made with the ClientKey that belongs to the stored key. */
export function isProofOf(
  primitives: Primitives,
  hash: ScramHash,
  keys: ScramKeys,
  authMessage: string,
  proof: Buffer,
): boolean {
  const storedKey = Buffer.from(keys.storedKey, "base64");
  const clientSignature = primitives.hmac(hash, storedKey, authMessage);
  if (proof.length !== clientSignature.length) return false;
  const clientKey = clientSignature.map((octet, index) => octet ^ (proof[index] ?? 0));
  return isEqual(primitives.digest(hash, Buffer.from(clientKey)), storedKey);
}

/** What proves the server to the client. */
export function serverSignature(primitives: Primitives, hash: ScramHash, keys: ScramKeys, authMessage: string): Buffer {
  return primitives.hmac(hash, Buffer.from(keys.serverKey, "base64"), authMessage);
}

function storedKeyOf(primitives: Primitives, hash: ScramHash, saltedPassword: Buffer): Buffer {
  return primitives.digest(hash, primitives.hmac(hash, saltedPassword, "Client Key"));
}
