// go-sendxmpp: one process listens, one more for each message that is sent. It logs in with PLAIN only.
import { type Chatter } from "./chatter.js";
import { Program } from "./program.js";
import type { ServerUnderTest } from "./server-under-test.js";

const INSTALLATION = "apt-get install go-sendxmpp";

export class GoSendxmpp implements Chatter {
  readonly address: string;
  #listener: Program | undefined;

  constructor(
    readonly server: ServerUnderTest,
    readonly user: string,
    readonly road: "STARTTLS" | "direct TLS",
  ) {
    this.address = `${user}@${server.domain}`;
  }

  async comeOnline(): Promise<void> {
    this.#listener = await this.#start("--listen", "--debug");
    await this.#listener.expect(new RegExp(`<presence[^>]* from=['"]${this.address}/`)); // the own presence, come back
  }

  async say(to: string, body: string): Promise<void> {
    const sender = await this.#start(to);
    sender.type(body);
    sender.endInput();
    await sender.finishes();
  }

  async hear(from: string, body: string): Promise<void> {
    const escaped = body.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    await this.#listener?.expect(new RegExp(`^.* ${from}: ${escaped}$`, "m"));
  }

  async leave(): Promise<void> {
    await this.#listener?.stop("SIGINT");
  }

  async abandon(): Promise<void> {
    await this.#listener?.stop();
  }

  async #start(...args: readonly string[]): Promise<Program> {
    const { host, ports, certificate, passwordOf } = this.server;
    const account = ["--username", this.address, "--password", passwordOf(this.user)];
    const server = ["--jserver", `${host}:${ports[this.road]}`, ...(this.road === "direct TLS" ? ["--tls"] : [])];
    return Program.start("go-sendxmpp", {
      args: [...account, ...server, ...args],
      env: { SSL_CERT_FILE: certificate },
      installation: INSTALLATION,
    });
  }
}
