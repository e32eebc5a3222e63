// The walk to another server in plain words and plain values: what was tried, what came of it, what to do.
import type { X509Certificate } from "node:crypto";
import { identitiesOf } from "../net/certificate-identity.js";
import type { ConnectStep } from "../net/approach.js";
import type { LookupProblem, LookupStep, Target } from "../net/locator.js";
import type { ServerFeatures } from "./features.js";
import type { FederationFailure, Party } from "./reason.js";
import type { WalkStep } from "./walk.js";

export type Outcome = "good" | "bad" | "neutral";

export interface ReportStep {
  readonly step: WalkStep["step"];
  readonly outcome: Outcome;
  readonly text: string;
  /** More of it, a line each. */
  readonly details: readonly string[];
}

export interface ReportedFailure {
  readonly reason: string;
  readonly text: string;
  readonly advice: string;
  /** Who has to do something: us, them, the network between, or nobody. */
  readonly party: Party;
}

export function reportedFailure({ code, message, reason }: FederationFailure): ReportedFailure {
  return { reason: code, text: message, advice: reason.advice, party: reason.party };
}

/** `domain`: the one that we want to reach. */
export function reportOf(step: WalkStep, domain: string): ReportStep {
  switch (step.step) {
    case "lookup":
      return { step: step.step, ...lookupWords(step.lookup) };
    case "targets":
      return { step: step.step, ...targetWords(step.targets) };
    case "connect":
      return { step: step.step, ...connectWords(step.connect) };
    case "stream":
      return { step: step.step, ...streamWords(step.isEncrypted, step.features) };
    case "tls":
      return { step: step.step, ...tlsWords(step, domain) };
    case "authentication":
      return { step: step.step, ...authenticationWords(step.method, step.outcome, domain) };
    case "failure":
      return { step: step.step, outcome: "bad", text: step.failure.message, details: [] };
  }
}

type Words = Omit<ReportStep, "step">;

function lookupWords({ question, answers, problem, milliseconds }: LookupStep): Words {
  const time = `${Math.round(milliseconds)} ms`;
  if (problem === undefined && answers.length > 0)
    return { outcome: "good", text: `DNS ${question} (${time})`, details: answers };
  const words = lookupProblems[problem ?? "dns-not-found"];
  const outcome = problem === "dns-failed" || problem === "dns-timeout" ? "bad" : "neutral";
  return { outcome, text: `DNS ${question}: ${words} (${time})`, details: [] };
}

/** That a record is not there is no mistake by itself: a domain needs some of them only. */
const lookupProblems = {
  "dns-not-found": "no records",
  "dns-no-service": "there is no such service",
  "dns-failed": "the name servers could not say",
  "dns-timeout": "the name servers did not answer",
} as const satisfies Readonly<Record<LookupProblem, string>>;

function targetWords(targets: readonly Target[]): Words {
  const details = targets.map(
    ({ host, port, isDirectTls, source }) =>
      `${host} port ${port}, ${isDirectTls ? "TLS from the first byte" : "STARTTLS"}${sources[source]}`,
  );
  return { outcome: "good", text: `To be tried in this order: ${targets.length}`, details };
}

const sources = { srv: "", address: " (no SRV records: the domain itself)", configured: " (from [peers])" } as const;

function connectWords({ target, address, outcome, text, milliseconds }: ConnectStep): Words {
  const place = `${address} port ${target.port}${address === target.host ? "" : ` (${target.host})`}`;
  const time = `${Math.round(milliseconds)} ms`;
  if (outcome === "connected") return { outcome: "good", text: `Connected to ${place} in ${time}`, details: [] };
  if (outcome === "abandoned")
    return { outcome: "neutral", text: `${place}: given up, for another was sooner there`, details: [] };
  if (outcome === "timeout") return { outcome: "bad", text: `${place}: no answer within ${time}`, details: [] };
  if (outcome === "refused") return { outcome: "bad", text: `${place}: connection refused`, details: [] };
  return { outcome: "bad", text: `${place}: ${outcome}`, details: text === undefined ? [] : [text] };
}

function streamWords(isEncrypted: boolean, features: ServerFeatures): Words {
  const offers = [
    ...(features.tls === undefined ? [] : [`STARTTLS (${features.tls})`]),
    ...features.mechanisms.map((mechanism) => `SASL ${mechanism}`),
    ...(features.hasDialback ? ["dialback"] : []),
    ...(features.hasBidi ? ["stanzas both ways on one stream"] : []),
    ...(features.hasManagement ? ["acknowledgements"] : []),
    ...(features.mostBytes === undefined ? [] : [`stanzas of at most ${features.mostBytes} bytes`]),
  ];
  const text = `Stream opened, ${isEncrypted ? "inside TLS" : "in clear"}`;
  return { outcome: "good", text, details: [`offered: ${offers.length === 0 ? "nothing" : offers.join(", ")}`] };
}

type TlsStep = Extract<WalkStep, { step: "tls" }>;

function tlsWords({ protocol, cipher, chain, proof }: TlsStep, domain: string): Words {
  const details = chain.flatMap((certificate, index) => certificateLines(certificate, index));
  if (proof.problem !== undefined)
    return { outcome: "bad", text: `${protocol} ${cipher}; ${proof.problem.message}`, details };
  const way = proof.by === "posh" ? " (named by the domain over HTTPS, RFC 7711)" : "";
  return { outcome: "good", text: `${protocol} ${cipher}; the certificate is valid for ${domain}${way}`, details };
}

function certificateLines(certificate: X509Certificate, index: number): string[] {
  const { dns, srv, xmpp } = identitiesOf(certificate);
  const names = [...dns, ...srv, ...xmpp].join(", ") || "no names";
  const usages = certificate.keyUsage?.map((usage) => usageNames[usage] ?? usage).join(", ") ?? "any use";
  const title = index === 0 ? "certificate" : "sent along";
  return [
    `${title}: ${oneLine(certificate.subject)}${index === 0 ? ` for ${names}` : ""}`,
    `  valid from ${certificate.validFrom} to ${certificate.validTo}; for ${usages}`,
    `  signed by ${oneLine(certificate.issuer)}`,
  ];
}

/** Extended key usages (RFC 5280 §4.2.1.12). */
const usageNames: Readonly<Record<string, string>> = {
  "1.3.6.1.5.5.7.3.1": "serverAuth",
  "1.3.6.1.5.5.7.3.2": "clientAuth",
};

/** X509Certificate writes a name part a line; none at all when the name is empty. */
function oneLine(name: string | undefined): string {
  return name === undefined || name === "" ? "no name" : name.split("\n").join(", ");
}

function authenticationWords(method: "EXTERNAL" | "dialback", outcome: string, domain: string): Words {
  const way = method === "EXTERNAL" ? "by our certificate (SASL EXTERNAL)" : "by dialback (asking our own server)";
  if (outcome === "accepted")
    return { outcome: "good", text: `${domain} believes that we are who we are, ${way}`, details: [] };
  return { outcome: "bad", text: `${domain} does not believe us ${way}: ${outcome}`, details: [] };
}
