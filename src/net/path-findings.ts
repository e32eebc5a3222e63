// What may be wrong with a certificate, in sentences for operators: what, of whom, and what is to be done about it.
import type { CertificateFields } from "./certificate-fields.js";

export type PathProblem = "expired" | "not-yet-valid" | "untrusted" | "wrong-usage" | "invalid";

export interface Finding {
  readonly problem: PathProblem;
  readonly text: string;
}

type Path = readonly CertificateFields[];

const longestName = 80;

export const findings = {
  expired: (path: Path, index: number) =>
    found("expired", `${labelOf(path, index)} expired on ${day(path[index]?.notAfter)}. ${renewal(path, index)}`),
  notYetValid: (path: Path, index: number) =>
    found(
      "not-yet-valid",
      `${labelOf(path, index)} is valid only from ${day(path[index]?.notBefore)} on. Either that, or the clock here is wrong.`,
    ),
  unknownExtension: (path: Path, index: number, identifier: string) =>
    found("invalid", `${labelOf(path, index)} has a critical extension that is not understood here (${identifier}).`),
  weakKey: (path: Path, index: number) =>
    found(
      "invalid",
      `${labelOf(path, index)} has a key that is too weak, or of a kind not used here. Its owner has to get one with at least RSA 2048 or P-256.`,
    ),
  weakSignature: (path: Path, index: number) =>
    found(
      "invalid",
      `${labelOf(path, index)} is signed by an outdated method. Its owner has to get one that is signed with SHA-256 or better.`,
    ),
  notForSigning: (path: Path, index: number) =>
    found(
      "wrong-usage",
      `${labelOf(path, index)} has a key usage without digitalSignature, which TLS needs. Its owner has to get one for TLS servers.`,
    ),
  wrongPurpose: (path: Path, index: number) =>
    found("wrong-usage", `${labelOf(path, index)} is not meant for TLS servers. Its owner has to get one that is.`),
  noAuthority: (path: Path, index: number) =>
    found(
      "invalid",
      `${labelOf(path, index)} is not that of an authority, but ${labelOf(path, index - 1, "the")} is signed by it.`,
    ),
  mayNotCertify: (path: Path, index: number) =>
    found(
      "invalid",
      `${labelOf(path, index)} may not sign certificates (key usage), but ${labelOf(path, index - 1, "the")} is signed by it.`,
    ),
  pathTooLong: (path: Path, index: number) =>
    found(
      "invalid",
      `${labelOf(path, index)} does not allow that many authorities between itself and the last certificate.`,
    ),
  forbiddenName: (path: Path, index: number, by: number) =>
    found(
      "invalid",
      `${labelOf(path, index)} bears names for which ${labelOf(path, by, "the")} may not vouch (name constraints).`,
    ),
  malformed: () =>
    found("invalid", "The certificate does not have the form that RFC 5280 prescribes. Its owner has to get another."),
  malformedAuthority: (path: Path) =>
    found(
      "untrusted",
      `${labelOf(path, 0)} comes with others that can't be read, and without them leads to no authority trusted here.`,
    ),
  tooDeep: (path: Path) =>
    found("untrusted", `${labelOf(path, 0)} is too far from any authority trusted here, or its chain is too tangled.`),
  wrongSignature: (path: Path, issuer: CertificateFields) =>
    found(
      "invalid",
      `${labelOf(path, path.length - 1)} says that it was issued by ${nameOf(issuer)}, but is not signed with that key.`,
    ),
  selfSigned: (path: Path) =>
    found(
      "untrusted",
      `${labelOf(path, 0)} is signed by itself: no authority vouches for it. Its owner should get one from an authority that others trust, or the operator here adds it to those that are trusted.`,
    ),
  unknownRoot: (path: Path) =>
    found(
      "untrusted",
      `${labelOf(path, 0)} leads to the authority ${nameOf(path.at(-1))}, which is not trusted here. Its owner should get one from an authority that others trust, or the operator here adds that authority to those that are trusted.`,
    ),
  issuerMissing: (path: Path) =>
    found(
      "untrusted",
      `${labelOf(path, path.length - 1)} was issued by ${issuerNameOf(path.at(-1))}, which is not trusted here, and whose own certificate was not sent. The owner of the server should let it send the intermediate certificates too (“full chain”).`,
    ),
};

/** What is said of a good path. */
export function praise(path: Path): string {
  const by = path.length === 1 ? "is itself among those trusted here" : `is vouched for by ${nameOf(path.at(-1))}`;
  return `${labelOf(path, 0)} ${by}, and valid until ${day(path[0]?.notAfter)}.`;
}

function found(problem: PathProblem, text: string): Finding {
  return { problem, text };
}

function renewal(path: Path, index: number): string {
  if (index === 0) return "Its owner has to renew it.";
  if (index < path.length - 1) return "The owner of the server has to let it send a current one.";
  return "The owner of the server should get a certificate from another authority.";
}

/** `The certificate of verona.example`, `The certificate of the authority “Friar Laurence”`. */
function labelOf(path: Path, index: number, article = "The"): string {
  return `${article} certificate of ${index === 0 ? "" : "the authority "}${nameOf(path[index])}`;
}

/** A name for people: it proves nothing. */
function nameOf(fields: CertificateFields | undefined): string {
  const domain = fields?.names.dns[0];
  return domain === undefined ? quote(fields?.certificate.subject ?? "") : domain.slice(0, longestName);
}

function issuerNameOf(fields: CertificateFields | undefined): string {
  return quote(fields?.certificate.issuer ?? "");
}

/** The common name, or else all of a distinguished name, on one line. */
function quote(distinguishedName: string): string {
  const name = /^CN=(.+)$/m.exec(distinguishedName)?.[1] ?? distinguishedName.replaceAll("\n", ", ");
  // Control characters, and those that turn the direction of writing, have no place in logs and stanzas.
  const plain = name.replace(/[\p{C}\p{Z}]+/gu, " ").trim();
  return plain === "" ? "without a name" : `“${[...plain].slice(0, longestName).join("")}”`;
}

function day(time: number | undefined): string {
  return time === undefined || Number.isNaN(time) ? "an unknown day" : new Date(time).toISOString().slice(0, 10);
}
