// What a certificate says, in words for the operator.
import { X509Certificate } from "node:crypto";

export interface CertificateFacts {
  /** DNS names and addresses it is good for, wildcards as written; the common name when it has no others. */
  readonly names: readonly string[];
  readonly issuer: string;
  readonly validFrom: Date;
  readonly validTo: Date;
  readonly isSelfSigned: boolean;
  /** Whole days until it expires; negative once it has. */
  readonly daysLeft: number;
}

/** Facts of the first certificate in `pem`, as of `now` (milliseconds). Throws when there is none. */
export function certificateFacts(pem: string | Buffer, now: number = Date.now()): CertificateFacts {
  const certificate = new X509Certificate(pem);
  const validTo = new Date(certificate.validTo);
  return {
    names: namesOf(certificate),
    issuer: lineOf(certificate.issuer),
    validFrom: new Date(certificate.validFrom),
    validTo,
    isSelfSigned: certificate.subject === certificate.issuer && certificate.verify(certificate.publicKey),
    daysLeft: Math.floor((validTo.getTime() - now) / 86_400_000),
  };
}

/** DNS names (lower case) and addresses of a certificate (RFC 6125 §6.4). */
export function namesOf(certificate: X509Certificate): string[] {
  const alternative = (certificate.subjectAltName ?? "").split(", ");
  const names = alternative.flatMap((entry) => /^(?:DNS|IP Address):(.+)$/.exec(entry)?.[1]?.toLowerCase() ?? []);
  if (names.length > 0) return names;
  const commonName = /^CN=(.+)$/m.exec(certificate.subject)?.[1];
  return commonName === undefined ? [] : [commonName.toLowerCase()];
}

function lineOf(distinguishedName: string): string {
  return distinguishedName.split("\n").join(", ");
}
