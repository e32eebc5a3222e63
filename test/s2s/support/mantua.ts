// Mantua's federation by itself: no network, a clock that the test turns, and other servers that the test sends in.
import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { readConfig } from "../../../src/config/config.js";
import type { CertificateStore } from "../../../src/net/certificates.js";
import { createLog } from "../../../src/observability/log.js";
import { Trace } from "../../../src/observability/trace.js";
import { Router } from "../../../src/routing/router.js";
import type { Federation } from "../../../src/s2s/federation.js";
import { Outgoing } from "../../../src/s2s/outgoing.js";
import type { FederationFailure } from "../../../src/s2s/reason.js";
import { makeFederation } from "../../../src/server/federation.js";
import { keyed, sections } from "../../../src/server/options.js";
import type { Stanza } from "../../../src/stanza/stanza.js";
import { memoryStorage } from "../../../src/storage/memory/memory-storage.js";
import type { Storage } from "../../../src/storage/storage.js";
import { Stream } from "../../../src/stream/stream.js";
import { FakeClock } from "../../support/fake-clock.js";
import { OtherServer } from "./other-server.js";

/** Dialback in clear is enough: what is tried here is not how servers prove who they are. */
const trusting = "[federation]\nrequire_tls = false\nrequire_certificate = false\n[hosts.'mantua.example']\n";

export class Mantua {
  readonly clock = new FakeClock();
  readonly router = new Router();
  /** What has come for users of Mantua: errors, above all. */
  readonly received: Stanza[] = [];
  readonly log: Readonly<Record<string, unknown>>[] = [];
  federation!: Federation;
  /** Attempts to open a stream so far: when, in milliseconds since the start. */
  readonly attempts: number[] = [];
  /** What the next attempts come to. Undefined: they do not end before reaches(). */
  way: (() => OtherServer | FederationFailure) | undefined;
  #arrive: (server: OtherServer) => void = () => undefined;
  readonly #start = this.clock.now();

  private constructor(readonly storage: Storage) {}

  /** `storage`: as an earlier life has left it. */
  static async begin(test: TestContext, config = "", storage: Storage = memoryStorage()): Promise<Mantua> {
    const mantua = new Mantua(storage);
    await mantua.#begin(config);
    test.after(() => assert.deepEqual(mantua.log.filter(({ level }) => level === "error"), [])); // prettier-ignore
    return mantua;
  }

  async #begin(text: string): Promise<void> {
    const config = readConfig(trusting + text, "mantua.toml", { sections, keyed, extensions: [] });
    const { router, clock, storage } = this;
    const log = createLog(
      { write: (line) => void this.log.push(JSON.parse(line) as object as never) },
      { level: "debug" },
    );
    const certificates = {} as CertificateStore; // nothing is encrypted here
    const parts = { router, clock, log, storage, certificates, trace: new Trace(), secret: Buffer.alloc(32) };
    this.federation = await makeFederation(config, parts);
    this.federation.dial = async ({ local, remote, resumable }) => {
      const policy = this.federation.policy(local, remote);
      return this.#dial({ local, remote, resumable, policy });
    };
    router.addRoute("mantua.example", { receive: (stanza) => void this.received.push(stanza) });
    router.remote = this.federation;
    await this.federation.start();
  }

  async #dial(job: ConstructorParameters<typeof Outgoing>[2]): ReturnType<Federation["dial"]> {
    this.attempts.push(this.clock.now() - this.#start);
    const reached = await (this.way?.() ?? new Promise<OtherServer>((resolve) => (this.#arrive = resolve)));
    if (!(reached instanceof OtherServer)) throw reached;
    const outgoing = new Outgoing(new Stream(reached.transport, this.federation.streamOptions), this.federation, job);
    this.federation.opened(outgoing);
    outgoing.begin();
    const result = await outgoing.result;
    assert.equal(result.kind, "link");
    return { outgoing, ...result };
  }

  /** The attempt that is under way comes to an end. */
  reaches(server: OtherServer): void {
    this.#arrive(server);
  }

  sends(...stanzas: readonly Stanza[]): void {
    for (const stanza of stanzas) this.router.route(stanza);
  }

  /** So many seconds pass; whatever a second brings with it is done before the next. */
  async passes(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second += 1) {
      this.clock.advance(1000);
      await this.settles();
    }
  }

  /** All that can be done without time passing is done. */
  async settles(): Promise<void> {
    for (let turn = 0; turn < 12; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  }

  /** "id: condition" of all that came back, and of whom its text speaks: the code in brackets. */
  get returned(): string[] {
    return this.received.map((stanza) => {
      const error = stanza.element().getChild("error");
      const [, code] = /\(([a-z-]+)\)/.exec(error?.getChildText("text") ?? "") ?? [];
      return `${stanza.id ?? ""} ${error?.getChildElements()[0]?.getName() ?? ""} ${code ?? ""}`;
    });
  }
}
