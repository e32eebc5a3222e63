// The cryptographic functions that authentication stands on, behind one interface so that tests can count and replace them.
import bcrypt from "bcrypt";
import { createHash, createHmac, pbkdf2, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";

/** Hash functions of the SCRAM family that accounts have keys for, by their names in `Credentials`. */
export type ScramHash = "SHA-1" | "SHA-256";

/** The slow ones (`pbkdf2`, `bcrypt`) run on the thread pool, never on the event loop. */
export interface Primitives {
  readonly digest: (hash: ScramHash, data: Buffer) => Buffer;
  readonly hmac: (hash: ScramHash, key: Buffer, data: string) => Buffer;
  /** Hi() of RFC 5802 §2.2; the output is as long as the hash's. `password` is prepared. */
  readonly pbkdf2: (hash: ScramHash, password: string, salt: Buffer, iterations: number) => Promise<Buffer>;
  /** Whether the password belongs to this bcrypt hash. */
  readonly bcrypt: (password: string, hash: string) => Promise<boolean>;
}

const NODE_NAMES = { "SHA-1": "sha1", "SHA-256": "sha256" } as const;

/** Octets that a hash function puts out. */
export const HASH_LENGTHS = { "SHA-1": 20, "SHA-256": 32 } as const;

const derive = promisify(pbkdf2);

export const nodePrimitives: Primitives = {
  digest: (hash, data) => createHash(NODE_NAMES[hash]).update(data).digest(),
  hmac: (hash, key, data) => createHmac(NODE_NAMES[hash], key).update(data).digest(),
  pbkdf2: (hash, password, salt, iterations) =>
    derive(password, salt, iterations, HASH_LENGTHS[hash], NODE_NAMES[hash]),
  // PHP's $2y$ is the same algorithm as $2b$; the library knows only the latter name.
  bcrypt: (password, hash) => bcrypt.compare(password, hash.replace(/^\$2y\$/, "$2b$")),
};

/** Equality in a time that depends on the lengths only. */
export function isEqual(left: Buffer, right: Buffer): boolean {
  return left.length === right.length && timingSafeEqual(left, right);
}
