// Clients made of a library: small programs in clients/ that take orders and tell events, as lines of JSON.
import { fileURLToPath } from "node:url";
import type { Partner, Road } from "./chatter.js";
import { Program, type ProgramOptions } from "./program.js";
import type { ServerUnderTest } from "./server-under-test.js";

/** Where and how the program connects. */
export interface Address {
  readonly road: Road;
  readonly host: string;
  readonly port: number;
  /** PEM file that the client trusts. */
  readonly certificate: string;
}

/** The program's argument. */
export interface Passport extends Address {
  readonly user: string;
  readonly domain: string;
  readonly password: string;
  readonly resource: string;
}

export type Order =
  | { readonly do: "message"; readonly to: string; readonly body: string }
  | { readonly do: "request"; readonly iq: string }
  | { readonly do: "ping" | "leave" };

export type Event =
  | { readonly event: "online"; readonly jid: string }
  | { readonly event: "message"; readonly sender: string; readonly body: string }
  | { readonly event: "answer"; readonly answer: string }
  | { readonly event: "pong" | "offline" | "refused" };

/** The service URL of @xmpp/client. */
export function serviceOf({ road, host, port }: Address): string {
  if (road === "WebSocket") return `wss://localhost:${port}/xmpp-websocket`;
  return road === "direct TLS" ? `xmpps://localhost:${port}` : `xmpp://${host}:${port}`;
}

export class DrivenClient implements Partner {
  #program: Program | undefined;

  constructor(
    readonly passport: Passport,
    readonly command: string,
    readonly options: ProgramOptions,
  ) {}

  get address(): string {
    return `${this.passport.user}@${this.passport.domain}`;
  }

  async comeOnline(): Promise<void> {
    this.#program = await Program.start(this.command, this.options);
    await this.#hears(/\{"event":"online".*\}/);
  }

  async say(to: string, body: string): Promise<void> {
    this.#order({ do: "message", to, body });
  }

  async hear(sender: string, body: string): Promise<void> {
    await this.#hears(exactly({ event: "message", sender, body }));
  }

  async roundTrip(): Promise<void> {
    this.#order({ do: "ping" });
    await this.#hears(exactly({ event: "pong" }));
  }

  /** Sends an IQ as it stands, and resolves with the text of its answer. */
  async request(iq: string): Promise<string> {
    this.#order({ do: "request", iq });
    const [line = ""] = (await this.#hears(/\{"event":"answer".*\}/)) ?? [];
    // The programs in clients/ print such lines only.
    const event = JSON.parse(line) as Event;
    return event.event === "answer" ? event.answer : "";
  }

  async leave(): Promise<void> {
    this.#order({ do: "leave" });
    await this.#hears(exactly({ event: "offline" }));
    await this.#program?.finishes();
  }

  async abandon(): Promise<void> {
    await this.#program?.stop();
  }

  #order(order: Order): void {
    this.#program?.type(JSON.stringify(order));
  }

  async #hears(pattern: RegExp): Promise<RegExpExecArray | undefined> {
    return this.#program?.expect(pattern);
  }
}

/** The line that tells this event. */
function exactly(event: Event): RegExp {
  return new RegExp(JSON.stringify(event).replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
}

/** Romeo, Juliet … on @xmpp/client. */
export function onXmppJs(server: ServerUnderTest, user: string, road: Road): DrivenClient {
  const passport = passportOf(server, user, road);
  const program = fileURLToPath(new URL("../clients/xmpp-js.js", import.meta.url));
  return new DrivenClient(passport, process.execPath, {
    args: [program, JSON.stringify(passport)],
    env: { NODE_EXTRA_CA_CERTS: passport.certificate },
    installation: "npm ci",
  });
}

/** Romeo, Juliet … on slixmpp. */
export function onSlixmpp(server: ServerUnderTest, user: string, road: Road): DrivenClient {
  const passport = passportOf(server, user, road);
  const program = fileURLToPath(new URL("../../../../test/interop/clients/slixmpp_client.py", import.meta.url));
  return new DrivenClient(passport, "/usr/bin/python3", {
    args: [program, JSON.stringify(passport)],
    installation: "apt-get install python3-slixmpp",
  });
}

/** What a user of the server needs to log in over a road. */
export function passportOf(server: ServerUnderTest, user: string, road: Road): Passport {
  const { domain, host, certificate } = server;
  const port = server.ports[road];
  return { road, host, port, certificate, domain, user, password: server.passwordOf(user), resource: "balcony" };
}
