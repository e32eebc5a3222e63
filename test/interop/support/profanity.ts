// Profanity, a client for terminals, in a terminal of tmux: keys are sent, the screen is read.
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as elapse } from "node:timers/promises";
import { promisify } from "node:util";
import type { Chatter } from "./chatter.js";
import { PATIENCE_MILLISECONDS } from "./patience.js";
import type { ServerUnderTest } from "./server-under-test.js";

const INSTALLATION = "apt-get install profanity tmux";
const SCREEN = ["-x", "160", "-y", "50"];

export class Profanity implements Chatter {
  readonly address: string;
  #home = "";

  constructor(
    readonly server: ServerUnderTest,
    readonly user: string,
    readonly road: "STARTTLS" | "direct TLS",
  ) {
    this.address = `${user}@${server.domain}`;
  }

  async comeOnline(): Promise<void> {
    await this.#open();
    const { host, ports, passwordOf } = this.server;
    const tls = this.road === "direct TLS" ? "legacy" : "force";
    await this.#type(`/connect ${this.address} server ${host} port ${ports[this.road]} tls ${tls}`);
    await this.#see(/Enter password:/);
    await this.#type(passwordOf(this.user));
    await this.#see(/\/tls allow/); // it does not know the certificate's authority
    await this.#type("/tls allow");
    await this.#see(/logged in successfully/);
  }

  async say(to: string, body: string): Promise<void> {
    await this.#type(`/msg ${to} ${body}`);
  }

  async hear(from: string, body: string): Promise<void> {
    await this.#type(`/msg ${from}`);
    await this.#see(new RegExp(body.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")));
  }

  /** Makes a room: Profanity asks for its configuration. */
  async enters(room: string, nick: string): Promise<void> {
    await this.types(`/join ${room} nick ${nick}`);
    await this.reads(/requires configuration/);
  }

  /** Fetches the form of the room that it looks at, and sends it back as it is. */
  async acceptsForm(): Promise<void> {
    await this.types("/room config");
    await this.reads(/\/form submit/);
    await this.types("/form submit");
    await this.reads(/Room configuration successful/);
  }

  /** Types a line, which may be a command or something to say in the window that is open. */
  async types(line: string): Promise<void> {
    await this.#type(line);
  }

  /** Waits until the screen shows this. */
  async reads(pattern: RegExp): Promise<void> {
    await this.#see(pattern);
  }

  async leave(): Promise<void> {
    await this.#type("/quit");
    await this.#waitUntil(async () => !(await this.#isRunning()));
    await rm(this.#home, { recursive: true, force: true });
  }

  async abandon(): Promise<void> {
    if (await this.#isRunning()) await this.#tmux("kill-server");
    await rm(this.#home, { recursive: true, force: true });
  }

  async #open(): Promise<void> {
    this.#home = await mkdtemp(join(tmpdir(), "rookery-profanity-"));
    const home = ["HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"].map((name) => `${name}=${this.#home}`);
    const command = ["env", ...home, "LC_ALL=C.UTF-8", "TERM=screen", "profanity"];
    await this.#tmux("-f", "/dev/null", "new-session", "-d", ...SCREEN, ...command);
    await this.#see(/Profanity/);
  }

  async #type(line: string): Promise<void> {
    await this.#tmux("send-keys", "-l", line);
    await this.#tmux("send-keys", "Enter");
  }

  /** Waits until the screen shows it; a screen has no events, so it is asked. */
  async #see(pattern: RegExp): Promise<void> {
    let screen = "";
    const isSeen = async () => pattern.test((screen = await this.#tmux("capture-pane", "-p", "-J")));
    await this.#waitUntil(isSeen, () => `Profanity did not show ${String(pattern)}, but:\n${screen}`);
  }

  async #waitUntil(isTrue: () => Promise<boolean>, complaint = () => "Profanity did not end"): Promise<void> {
    for (const deadline = Date.now() + PATIENCE_MILLISECONDS; !(await isTrue()); await elapse(50)) {
      if (Date.now() > deadline) throw new Error(complaint());
    }
  }

  async #isRunning(): Promise<boolean> {
    if (this.#home === "") return false;
    return this.#tmux("has-session").then(
      () => true,
      () => false,
    );
  }

  /** Each has a tmux of its own, whose socket lies in its home. */
  async #tmux(...args: readonly string[]): Promise<string> {
    try {
      const { stdout } = await promisify(execFile)("tmux", ["-S", join(this.#home, "tmux"), ...args]);
      return stdout;
    } catch (cause) {
      throw new Error(`tmux or Profanity does not run. Install them: ${INSTALLATION}`, { cause });
    }
  }
}
