// The two kinds of POSH documents: certificates' fingerprints (RFC 7711 §3.1), and where to find them (§3.2).

export interface Fingerprint {
  readonly hash: "sha256" | "sha512";
  readonly octets: Buffer;
}

/** `expires`: seconds that it may be believed. */
export type PoshDocument =
  | { readonly kind: "fingerprints"; readonly fingerprints: readonly Fingerprint[]; readonly expires: number }
  | { readonly kind: "reference"; readonly url: URL; readonly expires: number };

/** Throws an Error for anything else. */
export function readPoshDocument(json: unknown): PoshDocument {
  if (typeof json !== "object" || json === null) throw new Error("no POSH document");
  const { url, fingerprints, expires } = json as Readonly<Record<string, unknown>>;
  // One that says not how long it is good for, or zero, is good for nothing.
  if (typeof expires !== "number" || !Number.isInteger(expires) || expires <= 0) {
    throw new Error("a POSH document without a positive “expires”");
  }
  if (typeof url === "string") return { kind: "reference", url: new URL(url), expires };
  if (!Array.isArray(fingerprints)) throw new Error("a POSH document with neither “fingerprints” nor “url”");
  return { kind: "fingerprints", fingerprints: fingerprints.flatMap(readDescriptor), expires };
}

/** Of several hashes of one certificate the strongest counts; unknown ones are passed over. */
function readDescriptor(descriptor: unknown): Fingerprint[] {
  if (typeof descriptor !== "object" || descriptor === null) return [];
  const hashes = descriptor as Readonly<Record<string, unknown>>;
  const strong = readHash("sha512", 64, hashes["sha-512"]);
  return strong.length > 0 ? strong : readHash("sha256", 32, hashes["sha-256"]);
}

function readHash(hash: Fingerprint["hash"], length: number, base64: unknown): Fingerprint[] {
  const octets = typeof base64 === "string" ? Buffer.from(base64, "base64") : undefined;
  return octets?.length === length ? [{ hash, octets }] : [];
}
