// A server of the federation, while it runs and across its restarts.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Registrar } from "../../../../conformance/servers/registration.js";
import type { ServerUnderTest } from "../../../../conformance/server-under-test.js";
import type { Program } from "../../support/program.js";
import type { Credentials } from "./authority.js";
import { ejabberd } from "./ejabberd.js";
import { prosody } from "./prosody.js";
import { rookery } from "./rookery.js";
import { PORTS, type Kind, type Setting, type Starter } from "./server.js";

const starters: Readonly<Record<Kind, Starter>> = { rookery, prosody, ejabberd };

/** What a member is given to prove itself, and to judge others. */
export interface Papers {
  readonly credentials: ReadonlyMap<string, Credentials>;
  /** Certificates (PEM) of those whom it trusts. */
  readonly authorities: string;
}

export class Member {
  private readonly registrars = new Map<string, Registrar>();
  private logged = "";

  private constructor(
    private readonly starter: Starter,
    private readonly setting: Setting,
    private program: Program,
  ) {}

  /** Starts a server of this kind in a temporary folder. */
  static async start(kind: Kind, wishes: Omit<Setting, "folder">, papers: Papers): Promise<Member> {
    const folder = await mkdtemp(join(tmpdir(), `rookery-federation-${kind}-`));
    const setting = { ...wishes, folder };
    await writePapers(folder, papers);
    const starter = starters[kind];
    await starter.prepare(setting);
    return new Member(starter, setting, await starter.start(setting));
  }

  get kind(): Kind {
    return this.starter.kind;
  }

  get address(): string {
    return this.setting.address;
  }

  /** Where its configuration is. */
  get folder(): string {
    return this.setting.folder;
  }

  /** All that it has logged, its earlier lives included. */
  get log(): string {
    return this.logged + this.program.output;
  }

  /** The domain that it greets others from, and the one that it is greeted at. */
  domainFor(part: "first" | "second"): string {
    return this.setting.domains[part === "first" ? 0 : 1] ?? "";
  }

  /** Where its clients connect. */
  at(domain: string): ServerUnderTest {
    const server: ServerUnderTest = {
      name: this.kind,
      domain,
      address: this.address,
      port: PORTS.client,
      isCertificateTrusted: false,
      createAccount: (account) => this.registrarFor(domain, server).createAccount(account),
      removeAccount: async () => undefined, // it goes away with the folder
    };
    return server;
  }

  /** Waits until its log says that it has taken a peer's word to be `domain`. */
  async hasProof(domain: string): Promise<void> {
    await this.program.expect(this.starter.proved(domain, this.setting.manner.proof));
  }

  /** From now on only what it logs from now on is awaited. */
  forgetLog(): void {
    this.program.forget();
  }

  /** Waits until it has noticed that the server of `to` has gone away. */
  async hasNoticedLoss(from: string, to: string): Promise<void> {
    await this.program.expect(this.starter.lost(from, to));
  }

  /** Whether its log says so by now. */
  hasHadProof(domain: string): boolean {
    return this.starter.proved(domain, this.setting.manner.proof).test(this.log);
  }

  /** Waits until its log says this. */
  logs(pattern: RegExp): Promise<RegExpExecArray> {
    return this.program.expect(pattern);
  }

  /** Ends the program: kindly, or as if the power had failed. */
  async end(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    for (const registrar of this.registrars.values()) registrar.stop();
    this.registrars.clear();
    await this.program.stop(signal);
  }

  /** Starts it again with what it has kept. */
  async startAgain(): Promise<void> {
    this.logged = this.log;
    this.program = await this.starter.start(this.setting);
  }

  /** Ends it for good; its log stays where INTEROP_LOGS names a folder. */
  async stop(): Promise<void> {
    await this.end("SIGKILL");
    const logs = process.env["INTEROP_LOGS"];
    if (logs !== undefined) await writeFile(join(logs, `${this.domainFor("first")}.${process.pid}.log`), this.log);
    await rm(this.setting.folder, { recursive: true, force: true });
  }

  private registrarFor(domain: string, server: ServerUnderTest): Registrar {
    const registrar = this.registrars.get(domain) ?? new Registrar(() => server);
    this.registrars.set(domain, registrar);
    return registrar;
  }
}

async function writePapers(folder: string, { credentials, authorities }: Papers): Promise<void> {
  await writeFile(join(folder, "authorities.pem"), authorities);
  await mkdir(join(folder, "certs"));
  for (const [domain, { certificate, key }] of credentials) {
    await writeFile(join(folder, "certs", `${domain}.crt`), certificate);
    await writeFile(join(folder, "certs", `${domain}.key`), key, { mode: 0o600 });
  }
}
