// Authorities that we trust: those that Node brings along, and those that the operator adds.
import { X509Certificate } from "node:crypto";
import { rootCertificates } from "node:tls";
import { type CertificateFields, readCertificate, readOrUndefined } from "./certificate-fields.js";

type Index = ReadonlyMap<string, readonly CertificateFields[]>;

export class TrustAnchors {
  readonly #own: Index;
  readonly #hasUsual: boolean;

  /** Those of Node, and those in `morePem`. Throws an Error when that holds something that is no certificate. */
  static usual(morePem = ""): TrustAnchors {
    return new TrustAnchors(morePem, true);
  }

  /** Only those in `pem`. Throws an Error when that holds something that is no certificate. */
  static only(pem: string): TrustAnchors {
    return new TrustAnchors(pem, false);
  }

  private constructor(pem: string, hasUsual: boolean) {
    this.#own = indexOf(certificatesIn(pem).map(readCertificate));
    this.#hasUsual = hasUsual;
  }

  /** Those with this canonical subject; the operator's go first. */
  named(subject: string): readonly CertificateFields[] {
    const own = this.#own.get(subject) ?? [];
    return this.#hasUsual ? [...own, ...(usualIndex().get(subject) ?? [])] : own;
  }

  /** True when this very certificate is an anchor. */
  has({ subject, certificate }: CertificateFields): boolean {
    return this.named(subject).some((anchor) => anchor.certificate.raw.equals(certificate.raw));
  }
}

/** All certificates in a PEM text. Throws an Error when one can't be read. */
export function certificatesIn(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN (?:X509 )?CERTIFICATE-----[^-]*-----END (?:X509 )?CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0 && pem.trim() !== "") throw new Error("There is no certificate in PEM.");
  return blocks.map((block) => new X509Certificate(block));
}

function indexOf(anchors: readonly CertificateFields[]): Index {
  const index = new Map<string, CertificateFields[]>();
  for (const anchor of anchors) index.set(anchor.subject, [...(index.get(anchor.subject) ?? []), anchor]);
  return index;
}

/** Read at the first need, for it takes some 100 ms; most commands have none. */
let usual: Index | undefined;
function usualIndex(): Index {
  usual ??= indexOf(
    rootCertificates.map((pem) => readOrUndefined(new X509Certificate(pem))).filter((root) => root !== undefined),
  );
  return usual;
}
