// Judges the certificates of other servers: is there a path to an authority that we trust (RFC 5280 §6)?
//
// Why not leave it to OpenSSL: Node verifies a certificate shown by a client for clientAuth only. Public authorities issue
// certificates with serverAuth alone, and for those `authorized` is false whether the chain is good or not. Here both
// directions are judged by one rule. What is not understood is refused. Revocation (CRL, OCSP) is not looked at: the
// lists are large, slow and often unreachable, and authorities have come to rely on short lives instead.
import type { X509Certificate } from "node:crypto";
import { type CertificateFields, readOrUndefined } from "./certificate-fields.js";
import { keyForChecking } from "./certificate-strength.js";
import { type CertificateUse, checkPath } from "./path-checks.js";
import { type Finding, findings, type PathProblem, praise } from "./path-findings.js";
import type { TrustAnchors } from "./trust-anchors.js";

export type { CertificateUse, PathProblem };
export { TrustAnchors } from "./trust-anchors.js";

export interface PathVerdict {
  readonly isTrusted: boolean;
  /** Absent when it is trusted. */
  readonly problem?: PathProblem;
  /** Plain sentences: who vouches for it, or what is wrong with which certificate, and what its owner should do. */
  readonly text: string;
  /** From the peer's own certificate to the anchor, or as far as it got. */
  readonly path: readonly X509Certificate[];
}

/** Certificates in a path, both ends included. */
const mostDeep = 8;
/** Certificates that a peer sent and that are looked at. */
const mostSent = 10;
/** Certificates tried as issuer of another in one judgement; each costs a signature check. */
const mostTries = 64;

/**
 * `chain`: as the peer sent it, its own certificate first; the order of the others does not matter. `now`: milliseconds.
 * Says nothing about whose certificate it is: see certificate-identity.ts.
 */
export function judgePath(
  chain: readonly X509Certificate[],
  anchors: TrustAnchors,
  now: number,
  use: CertificateUse,
): PathVerdict {
  const [own, ...others] = chain;
  if (own === undefined) return { isTrusted: false, problem: "untrusted", text: "No certificate was sent.", path: [] };
  const first = readOrUndefined(own);
  if (first === undefined) return { isTrusted: false, ...findings.malformed(), path: [own] };
  return new PathSearch(first, others.slice(0, mostSent - 1), anchors, now, use).verdict();
}

interface Failure {
  readonly finding: Finding;
  readonly path: readonly CertificateFields[];
  /** Of several failures the one with the highest is told: it came closest to a good path. */
  readonly rank: number;
}

/** Paths that end without an anchor and without a root count by their length, which is less. */
const rank = { anchored: 200, tangled: 100, foreignRoot: 10 } as const;

class PathSearch {
  readonly #own: CertificateFields;
  readonly #sent: readonly CertificateFields[];
  readonly #hasUnreadable: boolean;
  readonly #anchors: TrustAnchors;
  readonly #now: number;
  readonly #use: CertificateUse;
  #tries = 0;
  #failure: Failure | undefined;

  constructor(
    own: CertificateFields,
    others: readonly X509Certificate[],
    anchors: TrustAnchors,
    now: number,
    use: CertificateUse,
  ) {
    this.#own = own;
    const read = others.map(readOrUndefined);
    this.#sent = read.filter((fields) => fields !== undefined);
    this.#hasUnreadable = this.#sent.length < read.length;
    this.#anchors = anchors;
    this.#now = now;
    this.#use = use;
  }

  verdict(): PathVerdict {
    const own = [this.#own];
    const good = this.#anchors.has(this.#own) && this.#isGood(own) ? own : this.#extend(own);
    if (good !== undefined) return { isTrusted: true, text: praise(good), path: certificatesOf(good) };
    const { finding, path } = this.#failure ?? { finding: findings.tooDeep([this.#own]), path: [this.#own] };
    return { isTrusted: false, ...finding, path: certificatesOf(path) };
  }

  /** A good path that begins with `path`; undefined when there is none, and then the failure has been noted. */
  #extend(path: readonly CertificateFields[]): readonly CertificateFields[] | undefined {
    const last = path.at(-1) ?? this.#own;
    if (path.length === mostDeep) return this.#fail(findings.tooDeep(path), path, rank.tangled);
    let hasIssuer = false;
    for (const { issuer, isAnchor } of this.#candidates(path, last)) {
      if ((this.#tries += 1) > mostTries) return this.#fail(findings.tooDeep(path), path, rank.tangled);
      if (!isSignedBy(last, issuer)) {
        this.#fail(findings.wrongSignature(path, issuer), [...path, issuer], path.length);
        continue;
      }
      hasIssuer = true;
      const longer = [...path, issuer];
      const good = !isAnchor ? this.#extend(longer) : this.#isGood(longer) ? longer : undefined;
      if (good !== undefined) return good;
    }
    if (!hasIssuer) this.#end(path, last);
    return undefined;
  }

  /** Anchors first: the shortest path is the likeliest. A certificate stands in a path but once. */
  *#candidates(path: readonly CertificateFields[], last: CertificateFields) {
    for (const issuer of this.#anchors.named(last.issuer)) yield { issuer, isAnchor: true };
    for (const issuer of this.#sent) {
      if (issuer.subject !== last.issuer || isAmong(issuer, path) || this.#anchors.has(issuer)) continue;
      yield { issuer, isAnchor: false };
    }
  }

  #isGood(path: readonly CertificateFields[]): boolean {
    const finding = checkPath(path, this.#now, this.#use);
    if (finding !== undefined) this.#fail(finding, path, rank.anchored);
    return finding === undefined;
  }

  /** No issuer was found: why not? */
  #end(path: readonly CertificateFields[], last: CertificateFields): void {
    const isSelfSigned = last.subject === last.issuer && isSignedBy(last, last);
    const unvouched = path.length === 1 ? findings.selfSigned : findings.unknownRoot;
    if (isSelfSigned) this.#fail(unvouched(path), path, rank.foreignRoot);
    else if (this.#hasUnreadable) this.#fail(findings.malformedAuthority(path), path, path.length);
    else this.#fail(findings.issuerMissing(path), path, path.length);
  }

  #fail(finding: Finding, path: readonly CertificateFields[], height: number): undefined {
    if (this.#failure === undefined || height > this.#failure.rank) this.#failure = { finding, path, rank: height };
    return undefined;
  }
}

/** Names have been compared. Whether the key is strong enough is judged with the whole path. */
function isSignedBy({ certificate }: CertificateFields, issuer: CertificateFields): boolean {
  const key = keyForChecking(issuer);
  return key !== undefined && certificate.verify(key);
}

function isAmong({ certificate }: CertificateFields, path: readonly CertificateFields[]): boolean {
  return path.some((other) => other.certificate.raw.equals(certificate.raw));
}

function certificatesOf(path: readonly CertificateFields[]): X509Certificate[] {
  return path.map(({ certificate }) => certificate);
}
