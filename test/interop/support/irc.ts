// An IRC server (ngircd), and a client of it that says what it is told to say.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./free-port.js";
import { PATIENCE_MILLISECONDS } from "./patience.js";
import { Program } from "./program.js";

export interface IrcServer {
  readonly host: string;
  readonly port: number;
  stop(): Promise<void>;
}

/** Starts one on a free loopback port: by its path, never the service of this machine. */
export async function startIrcServer(): Promise<IrcServer> {
  const [host, port] = ["127.0.0.1", await freePort()];
  const folder = await mkdtemp(join(tmpdir(), "rookery-ngircd-"));
  const file = join(folder, "ngircd.conf");
  await writeFile(file, configuration(host, port));
  const program = await Program.start("/usr/sbin/ngircd", {
    args: ["--nodaemon", "--config", file],
    ready: [/Server "\S+" .*ready/],
    installation: "apt-get install ngircd",
  });
  const stop = async () => {
    await program.stop("SIGTERM");
    await rm(folder, { recursive: true });
  };
  return { host, port, stop };
}

function configuration(host: string, port: number): string {
  return `
[Global]
Name = irc.verona.example
Listen = ${host}
Ports = ${port}
[Limits]
MaxConnectionsIP = 0
[Options]
DNS = no
Ident = no
PAM = no
`;
}

export class IrcClient {
  #text = "";
  #check: () => void = () => undefined;

  private constructor(
    readonly nick: string,
    private readonly socket: Socket,
  ) {
    socket.setEncoding("utf8").on("data", (text: string) => this.#hear(text));
    socket.on("error", (error) => (this.#text += `[${error.message}]`));
    socket.on("close", () => this.#check());
  }

  /** Logs in under this name. */
  static async connect({ host, port }: IrcServer, nick: string): Promise<IrcClient> {
    const client = new IrcClient(nick, connect(port, host));
    client.say(`NICK ${nick}`);
    client.say(`USER ${nick} 0 * :${nick}`);
    await client.hear(/ 001 /); // RPL_WELCOME
    return client;
  }

  /** Enters the channel, and resolves when it has. */
  async join(channel: string): Promise<void> {
    this.say(`JOIN ${channel}`);
    await this.hear(new RegExp(` 366 ${this.nick} ${channel} `)); // RPL_ENDOFNAMES
  }

  /** Sends a line. */
  say(line: string): void {
    this.socket.write(`${line}\r\n`);
  }

  /** Waits until a line matches, and forgets it and all before it. */
  hear(pattern: RegExp): Promise<string> {
    return new Promise((resolve, reject) => {
      const giveUp = () => reject(new Error(`${this.nick} did not hear ${String(pattern)}, but: ${this.#text}`));
      const deadline = setTimeout(giveUp, PATIENCE_MILLISECONDS);
      this.#check = () => {
        const lines = this.#text.split("\r\n");
        const found = lines.findIndex((line, index) => index < lines.length - 1 && pattern.test(line));
        if (found === -1 && !this.socket.closed) return;
        clearTimeout(deadline);
        this.#check = () => undefined;
        if (found === -1) return giveUp();
        this.#text = lines.slice(found + 1).join("\r\n");
        resolve(lines[found] ?? "");
      };
      this.#check();
    });
  }

  leave(): void {
    this.socket.destroy();
  }

  #hear(text: string): void {
    this.#text += text;
    for (const [, token = ""] of text.matchAll(/^PING (.*)$/gm)) this.say(`PONG ${token}`);
    this.#check();
  }
}
