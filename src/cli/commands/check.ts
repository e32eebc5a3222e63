// rookery check: what would run, and what about it is insecure or would fail.
import { resolve } from "node:path";
import type { Declarations } from "../../config/declarations.js";
import { loadConfig } from "../../config/load.js";
import { checkCertificates, type CertificateState } from "../check/certificates.js";
import { checkComponents, checkFederation } from "../check/federation.js";
import { checkFiles } from "../check/files.js";
import { checkHosts, checkListeners, type Finding } from "../check/findings.js";
import { checkServices } from "../check/services.js";
import { command, type Command } from "../command.js";
import { ExitCode } from "../failure.js";
import type { Style } from "../style.js";

interface Checked {
  readonly config: string;
  readonly data: string;
  readonly listeners: readonly {
    readonly type: string;
    readonly addresses: readonly string[];
    readonly port: number;
  }[];
  readonly hosts: readonly CheckedHost[];
  readonly findings: readonly Finding[];
}

interface CheckedHost {
  readonly domain: string;
  readonly certificate: CertificateState;
  /** Domains that its extensions serve. */
  readonly services: readonly string[];
  readonly extensions: readonly string[];
}

export function makeCheck(declarations: Declarations): Command {
  return command<Checked>({
    name: "check",
    sentence: "Checks the configuration: what would run, what is insecure, and what to do about it.",
    details:
      "Exits with 78 when the configuration is wrong, with 1 when a start would fail; warnings alone are exit code 0.",
    place: "local",
    async interact({ terminal, configFile }) {
      const file = configFile === undefined ? undefined : resolve(terminal.directory, configFile);
      return check(file, terminal.directory, declarations);
    },
    exitCode: ({ findings }) => (findings.some(({ severity }) => severity === "error") ? ExitCode.failed : ExitCode.ok),
    render,
  });
}

async function check(file: string | undefined, directory: string, declarations: Declarations): Promise<Checked> {
  const config = await loadConfig(file, directory, declarations);
  const certificates = await checkCertificates(config, Date.now());
  const findings = [
    ...certificates.flatMap((each) => each.findings),
    ...checkServices(config, certificates),
    ...checkListeners(config),
    ...checkHosts(config, declarations.extensions),
    ...checkFederation(config),
    ...checkComponents(config),
    ...(await checkFiles(config)),
  ];
  const hosts = config.hosts.map(({ domain, extension, services }, index) => ({
    domain,
    certificate: certificates[index]?.state ?? { kind: "missing" as const },
    services: services.map((service) => service.domain),
    extensions: declarations.extensions.filter((each) => extension(each).isEnabled).map(({ name }) => name),
  }));
  return { config: config.fileName, data: config.data, listeners: config.listeners, hosts, findings };
}

function render({ config, data, listeners, hosts, findings }: Checked, style: Style): string {
  return [
    `${style.bold("Configuration")}  ${config}`,
    `${style.bold("Data")}           ${data}`,
    style.bold("Listeners"),
    ...listeners.map(({ type, addresses, port }) => `  ${type.padEnd(9)} port ${port} on ${addresses.join(", ")}`),
    style.bold("Hosts"),
    ...hosts.flatMap((host) => renderHost(host)),
    ...findings.map(({ severity, problem, advice }) => `${paint(severity, style)} ${problem}\n  ${advice}`),
    findings.length === 0 ? style.good("Nothing to complain about.") : "",
  ]
    .join("\n")
    .trimEnd();
}

function paint(severity: Finding["severity"], style: Style): string {
  return severity === "error" ? style.bad("Error:") : style.warning("Warning:");
}

function renderHost({ domain, certificate, services, extensions }: CheckedHost): readonly string[] {
  return [
    `  ${domain}`,
    `    certificate: ${renderCertificate(certificate)}`,
    ...(services.length === 0 ? [] : [`    services:    ${services.join(", ")}`]),
    `    extensions:  ${extensions.join(", ") || "none"}`,
  ];
}

function renderCertificate(state: CertificateState): string {
  if (state.kind === "missing") return "self-signed, made at the first start";
  if (state.kind === "bad") return "can't be used";
  const { names, daysLeft, isSelfSigned } = state;
  return `${isSelfSigned ? "self-signed, " : ""}${names.join(", ")}; ${daysLeft} days left`;
}
