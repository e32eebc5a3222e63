// What about a configuration is insecure: each finding with what to do.
import { BlockList } from "node:net";
import { loginOptions } from "../../auth/section.js";
import type { Config } from "../../config/config.js";
import type { ExtensionDeclaration } from "../../config/declarations.js";
import type { ExtensionConfig } from "../../config/lookup.js";
import type { Options } from "../../config/option.js";

export interface Finding {
  /** An error keeps the server from starting, or clients from getting in. */
  readonly severity: "error" | "warning";
  readonly problem: string;
  readonly advice: string;
}

export function warning(problem: string, advice: string): Finding {
  return { severity: "warning", problem, advice };
}

export function error(problem: string, advice: string): Finding {
  return { severity: "error", problem, advice };
}

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

export function isLoopback(address: string): boolean {
  return loopback.check(address, address.includes(":") ? "ipv6" : "ipv4");
}

const nobody: ExtensionConfig<Options> = { isEnabled: false, values: {} };

/** Listeners that others can reach and should not. */
export function checkListeners({ listeners }: Config): readonly Finding[] {
  const findings = listeners.flatMap(({ type, addresses, port, trusted }) => {
    const open = addresses.filter((address) => !isLoopback(address)).join(", ");
    if (open === "") return [];
    const place = `The ${type} listener on port ${port} (${open})`;
    if (type === "metrics") return [warning(`${place} shows the server's figures to everybody.`, 'Give it addresses = ["127.0.0.1", "::1"].')]; // prettier-ignore
    if (type === "component") return [warning(`${place} is not encrypted, and lets everybody guess at secrets.`, 'Give it addresses = ["127.0.0.1", "::1"], or those of a network that only components are in.')]; // prettier-ignore
    if (trusted) return [warning(`${place} takes passwords in clear from everybody.`, "Set trusted = false, or put it on loopback, behind a proxy that ends TLS.")]; // prettier-ignore
    return type === "http" ? [warning(`${place} is not encrypted.`, "Use type https, or put it on loopback, behind a proxy that ends TLS.")] : []; // prettier-ignore
  });
  return [...findings, ...checkPorts(listeners)];
}

function checkPorts(listeners: Config["listeners"]): readonly Finding[] {
  const places = listeners.flatMap(({ type, addresses, port }) =>
    addresses.map((address) => ({ type, address, port })),
  );
  return places.flatMap(({ type, address, port }, index) => {
    const other = places.slice(0, index).find((each) => each.port === port && port !== 0 && each.address === address);
    if (other === undefined) return [];
    return [error(`${other.type} and ${type} both want port ${port} on ${address}.`, "Give one of them another port.")];
  });
}

/** How users get in. */
export function checkHosts({ hosts }: Config, extensions: readonly ExtensionDeclaration[]): readonly Finding[] {
  const registration = extensions.find(({ name }) => name === "registration");
  return hosts.flatMap(({ domain, values, extension }) => {
    const { anonymous, mechanisms } = values(loginOptions);
    const { isEnabled: canRegister, values: registering } =
      registration === undefined ? nobody : extension(registration);
    return [
      ...(canRegister && registering["new_accounts"] === true ? [warning(`Anybody can make an account on ${domain}.`, "Spammers look for such servers: set extensions.registration.new_accounts = false unless that is meant.")] : []), // prettier-ignore
      ...(anonymous ? [warning(`Anybody can log in to ${domain} without an account.`, `Set login.anonymous = false unless that is meant.`)] : []), // prettier-ignore
      ...(mechanisms.length === 0 && !anonymous ? [error(`Nobody can log in to ${domain}.`, "Name some login.mechanisms.")] : []), // prettier-ignore
    ];
  });
}
