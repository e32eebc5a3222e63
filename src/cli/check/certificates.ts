// Looks at each host's certificate as the server would use it.
import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { domainToASCII } from "node:url";
import type { Config, HostConfig } from "../../config/config.js";
import { certificateFacts, type CertificateFacts } from "../../net/certificate-facts.js";
import { isLoopback } from "./findings.js";
import { error, warning, type Finding } from "./findings.js";

export type CertificateState =
  | { readonly kind: "missing" }
  | { readonly kind: "bad" }
  | {
      readonly kind: "good";
      readonly names: readonly string[];
      readonly daysLeft: number;
      readonly isSelfSigned: boolean;
    };

export interface CheckedCertificate {
  readonly state: CertificateState;
  readonly findings: readonly Finding[];
}

/** Days before the end when a renewal should have happened. */
const SOON = 14;

/** One for each host, in their order. `now`: milliseconds since 1970. */
export async function checkCertificates(config: Config, now: number): Promise<readonly CheckedCertificate[]> {
  const isPublic = config.listeners.some(({ type, addresses }) => type !== "metrics" && !addresses.every(isLoopback));
  return Promise.all(config.hosts.map((host) => checkHost(host, isPublic, now)));
}

async function checkHost(
  { domain, certificate, key }: HostConfig,
  isPublic: boolean,
  now: number,
): Promise<CheckedCertificate> {
  if (certificate === undefined || key === undefined) {
    const problem = `${domain} has no certificate, so it uses a self-signed one, which clients and other servers refuse.`;
    const advice = `Get one (for example with certbot) and name it in [hosts."${domain}"] as certificate and key.`;
    return { state: { kind: "missing" }, findings: isPublic ? [warning(problem, advice)] : [] };
  }
  try {
    const facts = await readCertificate(certificate, key, now);
    const { names, daysLeft, isSelfSigned } = facts;
    return { state: { kind: "good", names, daysLeft, isSelfSigned }, findings: judge(domain, certificate, facts) };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const finding = error(`The certificate of ${domain} can't be used: ${reason}`, "Mend or replace the file; the server does not start with it."); // prettier-ignore
    return { state: { kind: "bad" }, findings: [finding] };
  }
}

async function readCertificate(certificateFile: string, keyFile: string, now: number): Promise<CertificateFacts> {
  const pem = await readFile(certificateFile, "utf8");
  const key = createPrivateKey(await readFile(keyFile, "utf8"));
  if (!new X509Certificate(pem).checkPrivateKey(key))
    throw new Error(`${keyFile} is not the key of ${certificateFile}`);
  return certificateFacts(pem, now);
}

function judge(domain: string, file: string, { names, daysLeft, isSelfSigned }: CertificateFacts): readonly Finding[] {
  const isNamed = isNamedBy(names, domain);
  return [
    ...(isNamed ? [] : [warning(`The certificate of ${domain} is for ${names.join(", ")}.`, "Get one that names this host.")]), // prettier-ignore
    ...(isSelfSigned ? [warning(`The certificate of ${domain} is self-signed.`, "Clients warn of it; get one from an authority.")] : []), // prettier-ignore
    ...(daysLeft < SOON ? [ending(domain, file, daysLeft)] : []),
  ];
}

/** `names`: as certificates bear them, wildcards included. */
export function isNamedBy(names: readonly string[], domain: string): boolean {
  const plain = domainToASCII(domain) || domain;
  return names.includes(plain) || names.includes(plain.replace(/^[^.]*/, "*"));
}

function ending(domain: string, file: string, daysLeft: number): Finding {
  const state = daysLeft < 0 ? `has run out ${-daysLeft} days ago` : `runs out in ${daysLeft} days`;
  return warning(
    `The certificate of ${domain} ${state}.`,
    `Renew ${file}; the running server takes it by itself, or with reload.`,
  );
}
