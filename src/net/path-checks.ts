// Whether a chain of certificates, each signed by the next, may be believed (RFC 5280 §6.1).
import type { CertificateFields } from "./certificate-fields.js";
import { isKeyStrong, isSignatureStrong } from "./certificate-strength.js";
import { areNamesForbidden } from "./name-constraints.js";
import { type Finding, findings } from "./path-findings.js";

/** `server`: it answered when we connected. `peer`: it connected to us, and showed its certificate as a client. */
export type CertificateUse = "server" | "peer";

const serverAuth = "2b06010505070301";
const clientAuth = "2b06010505070302";
const anyUsage = "551d2500";
const emailAddress = "2a864886f70d010901=";

/**
 * The first thing that is wrong with `path`: the peer's own certificate, its issuers in order, an anchor (which may be
 * the only one); undefined when nothing is. Names and signatures have been checked while it was built. `now`: ms.
 */
export function checkPath(path: readonly CertificateFields[], now: number, use: CertificateUse): Finding | undefined {
  for (const [index, certificate] of path.entries()) {
    const problem = checkEach(path, index, now) ?? (index === 0 ? checkOwn(certificate) : checkIssuer(path, index));
    if (problem !== undefined) return problem;
  }
  return checkPurposes(path, use) ?? checkNames(path);
}

/** What is asked of every certificate, the anchor's own signature excepted. */
function checkEach(path: readonly CertificateFields[], index: number, now: number): Finding | undefined {
  const certificate = path[index];
  const isAnchor = index === path.length - 1;
  if (certificate === undefined) return undefined;
  const [unknown] = certificate.extensions.unknownCritical;
  if (unknown !== undefined) return findings.unknownExtension(path, index, unknown);
  if (!isKeyStrong(certificate)) return findings.weakKey(path, index);
  if (!isAnchor && !isSignatureStrong(certificate)) return findings.weakSignature(path, index);
  if (now < certificate.notBefore) return findings.notYetValid(path, index);
  if (now > certificate.notAfter) return findings.expired(path, index);
  return undefined;
}

/** RFC 8446 §4.4.2.2, and RFC 5246 §7.4.2 for the suites that we speak: its key must be for signatures. */
function checkOwn(certificate: CertificateFields): Finding | undefined {
  const { keyUsage } = certificate.extensions;
  return keyUsage === undefined || keyUsage.maySign ? undefined : findings.notForSigning([certificate], 0);
}

/** §6.1.4 (k) to (n). The same is asked of anchors: that of a peer's own certificate must not vouch for others. */
function checkIssuer(path: readonly CertificateFields[], index: number): Finding | undefined {
  const { isAuthority, keyUsage, pathLength } = path[index]?.extensions ?? {};
  if (isAuthority !== true) return findings.noAuthority(path, index);
  if (keyUsage !== undefined && !keyUsage.maySignCertificates) return findings.mayNotCertify(path, index);
  const between = path.slice(1, index).filter(({ subject, issuer }) => subject !== issuer).length;
  return pathLength !== undefined && between > pathLength ? findings.pathTooLong(path, index) : undefined;
}

/** There must be one purpose that all certificates allow. Those that say nothing allow everything (§4.2.1.12). */
function checkPurposes(path: readonly CertificateFields[], use: CertificateUse): Finding | undefined {
  let purposes = use === "peer" ? [serverAuth, clientAuth] : [serverAuth];
  for (const [index, { extensions }] of path.entries()) {
    const allowed = extensions.extendedKeyUsage;
    if (allowed === undefined || allowed.includes(anyUsage)) continue;
    purposes = purposes.filter((purpose) => allowed.includes(purpose));
    if (purposes.length === 0) return findings.wrongPurpose(path, index);
  }
  return undefined;
}

/** §6.1.3 (b), (c): self-issued certificates are exempt, but for the last. */
function checkNames(path: readonly CertificateFields[]): Finding | undefined {
  for (const [index, { extensions }] of path.entries()) {
    const { nameConstraints } = extensions;
    if (index === 0 || nameConstraints === undefined) continue;
    const bad = path.slice(0, index).findIndex((below, position) => {
      if (position > 0 && below.subject === below.issuer) return false;
      const subject = { isEmpty: below.isSubjectEmpty, hasEmail: below.subject.includes(emailAddress) };
      return areNamesForbidden(nameConstraints, below.names, subject);
    });
    if (bad !== -1) return findings.forbiddenName(path, bad, index);
  }
  return undefined;
}
