// Keys of server dialback (XEP-0220), made as XEP-0185 §2 recommends: nothing has to be remembered to judge one.
import { createHash, createHmac, timingSafeEqual } from "node:crypto";

export interface DialbackFacts {
  /** The domain that the stream goes to, and that asks for the verification. */
  readonly receiving: string;
  /** The domain that opened the stream, and that made the key. */
  readonly originating: string;
  /** The id that the receiving server gave the stream. */
  readonly streamId: string;
}

/** The key in hexadecimal. `secret` is known to all servers of the originating domain and to nobody else. */
export function dialbackKey(secret: Buffer, { receiving, originating, streamId }: DialbackFacts): string {
  const hashed = createHash("sha256").update(secret).digest("hex");
  return createHmac("sha256", hashed).update(`${receiving} ${originating} ${streamId}`).digest("hex");
}

export function isDialbackKey(key: string, secret: Buffer, facts: DialbackFacts): boolean {
  const [given, right] = [Buffer.from(key.trim()), Buffer.from(dialbackKey(secret, facts))];
  return given.length === right.length && timingSafeEqual(given, right);
}
