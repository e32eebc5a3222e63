// The client's side of SCRAM (RFC 5802), with the costly keys remembered, so that a login costs the generator little.
import { createHash, createHmac, pbkdf2Sync } from "node:crypto";
import { PASSWORD } from "../job.js";

interface ClientKeys {
  readonly clientKey: Buffer;
  readonly storedKey: Buffer;
}

/** Mechanisms that the generator knows, best first; without channel binding, which costs the same to everybody. */
export const MECHANISMS = ["SCRAM-SHA-256", "SCRAM-SHA-1"] as const;
export type Mechanism = (typeof MECHANISMS)[number];

/** Computes client proofs for the one password that all accounts have. */
export class ScramClient {
  readonly #keys = new Map<string, ClientKeys>();

  /** The client-final-message that answers `serverFirst` (RFC 5802 §3). The server's signature is not checked. */
  finalMessage(mechanism: Mechanism, clientFirstBare: string, serverFirst: string): string {
    const digest = mechanism === "SCRAM-SHA-256" ? "sha256" : "sha1";
    const { nonce, salt, iterations } = attributes(serverFirst);
    const { clientKey, storedKey } = this.#keysFor(digest, salt, iterations);
    const withoutProof = `c=biws,r=${nonce}`;
    const signature = hmac(digest, storedKey, `${clientFirstBare},${serverFirst},${withoutProof}`);
    const proof = clientKey.map((byte, index) => byte ^ (signature[index] ?? 0));
    return `${withoutProof},p=${Buffer.from(proof).toString("base64")}`;
  }

  #keysFor(digest: string, salt: string, iterations: number): ClientKeys {
    const name = `${digest} ${iterations} ${salt}`;
    const keys = this.#keys.get(name) ?? deriveKeys(digest, Buffer.from(salt, "base64"), iterations);
    this.#keys.set(name, keys);
    return keys;
  }
}

/** The keys of RFC 5802 §3 for the one password, as a server stores them too. */
export function deriveKeys(digest: string, salt: Buffer, iterations: number) {
  const length = createHash(digest).digest().length;
  const salted = pbkdf2Sync(PASSWORD, salt, iterations, length, digest);
  const clientKey = hmac(digest, salted, "Client Key");
  const storedKey = createHash(digest).update(clientKey).digest();
  return { clientKey, storedKey, serverKey: hmac(digest, salted, "Server Key") };
}

function attributes(serverFirst: string): { nonce: string; salt: string; iterations: number } {
  const match = /^r=([^,]+),s=([^,]+),i=(\d+)/.exec(serverFirst);
  if (!match) throw new Error(`The server's first SCRAM message is not one: ${serverFirst}`);
  const [, nonce = "", salt = "", iterations = ""] = match;
  return { nonce, salt, iterations: Number(iterations) };
}

function hmac(digest: string, key: Buffer, text: string): Buffer {
  return createHmac(digest, key).update(text).digest();
}
