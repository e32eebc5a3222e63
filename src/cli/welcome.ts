// What a server says when it has started: where it listens, and what to type next.
import type { Style } from "./style.js";

/** Printed by `rookery start --json` once all listeners are open. */
export interface Started {
  readonly version: string;
  /** The configuration file; null: the built-in configuration. */
  readonly config: string | null;
  readonly data: string;
  readonly hosts: readonly string[];
  readonly listeners: readonly { readonly type: string; readonly address: string; readonly port: number }[];
  readonly processId: number;
}

const PURPOSES: Readonly<Record<string, string>> = {
  c2s: "clients, STARTTLS",
  "c2s-tls": "clients, direct TLS",
  s2s: "other servers, STARTTLS",
  "s2s-tls": "other servers, direct TLS",
  component: "external components",
  https: "WebSocket and web, TLS",
  http: "WebSocket and web, in clear",
  metrics: "metrics and health",
};

/** For people. `typed`: how the program and its configuration were named on the command line. */
export function welcome(
  { version, config, data, hosts, listeners }: Started,
  typed: { readonly program: string; readonly configFile: string | undefined },
  style: Style,
): string {
  const option = typed.configFile === undefined ? "" : ` --config ${typed.configFile}`;
  const [host = "localhost"] = hosts;
  return [
    `${style.bold(`Rookery ${version}`)} serves ${hosts.join(", ")}`,
    ...listeners.map(({ type, address, port }) => {
      const place = address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
      return `  ${place.padEnd(22)} ${type.padEnd(8)} ${style.dim(PURPOSES[type] ?? "")}`.trimEnd();
    }),
    `Configuration: ${config ?? "built in (for this machine only; config.example.toml shows what can be set)"}`,
    `Data:          ${data}`,
    `Create an account, in another terminal: ${style.bold(`${typed.program} user create juliet@${host}${option}`)}`,
  ].join("\n");
}
