// A whole server on real sockets of loopback, with everything it has logged, for clients that misbehave.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before } from "node:test";
import { readConfig } from "../../src/config/config.js";
import type { Clock as LoginClock } from "../../src/auth/throttle.js";
import type { Clock } from "../../src/extension/clock.js";
import { systemClock } from "../../src/extension/clock.js";
import { createLog } from "../../src/observability/log.js";
import { Server } from "../../src/server.js";
import { keyed, sections } from "../../src/server/options.js";
import { memoryStorage } from "../../src/storage/memory/memory-storage.js";
import { extensions } from "../../xeps/index.js";
import { RawClient } from "./raw-client.js";

export const host = "verona.example";
/** Must never stand in a log. */
export const secretBody = "my-bounty-is-as-boundless-as-the-sea";

export function passwordOf(user: string): string {
  return `${user}-keeps-this-secret`;
}

export interface RawPlay {
  /** More configuration, as TOML tables. */
  readonly config?: string;
  readonly clock?: Clock;
  readonly loginClock?: LoginClock;
  /** Events of level error that may be logged; others fail the test. */
  readonly expectedErrors?: readonly string[];
}

/** Real time, but nobody is kept waiting: what waiting is good for is the business of passwords.test.ts. */
const patientClock: LoginClock = { now: () => performance.now(), sleep: () => Promise.resolve() };

/** In the order of the configuration below. */
const places = ["trusted", "starttls", "tls", "webSocket"] as const;
type Place = (typeof places)[number];

const listeners = `
[[listeners]]
type = "c2s"
port = 0
trusted = true
[[listeners]]
type = "c2s"
port = 0
[[listeners]]
type = "c2s-tls"
port = 0
[[listeners]]
type = "http"
addresses = ["127.0.0.1"]
port = 0
trusted = true
`;

export class RawStage {
  readonly log: string[] = [];
  readonly failures: unknown[] = [];
  #server: Server | undefined;
  #innocent: RawClient | undefined;
  #folder = "";
  readonly #cast: RawClient[] = [];

  constructor(private readonly play: RawPlay) {}

  get server(): Server {
    return this.#server ?? assert.fail("The server has not been started.");
  }

  async start(): Promise<void> {
    this.#folder = await mkdtemp(join(tmpdir(), "rookery-"));
    const text = `data = ${JSON.stringify(this.#folder)}\naddresses = ["127.0.0.1"]\n[hosts."${host}"]\n[login]\nscram_iterations = 10_000\n`;
    const config = readConfig(text + listeners + (this.play.config ?? ""), "stage.toml", {
      sections,
      keyed,
      extensions,
    });
    this.#server = await Server.start({
      config,
      extensions,
      log: createLog({ write: (line) => void this.log.push(line) }, { level: "debug" }),
      clock: this.play.clock ?? systemClock,
      storage: memoryStorage(),
      loginClock: this.play.loginClock ?? patientClock,
      onFailure: (error) => void this.failures.push(error),
    });
  }

  /** Stops the server, and looks whether its log kept quiet about what it must keep quiet about. */
  async stop(): Promise<void> {
    for (const client of this.#cast) client.vanishes();
    await this.#server?.stop();
    await rm(this.#folder, { recursive: true, force: true });
    const text = this.log.join("");
    assert.ok(!text.includes(secretBody), "a message's body was logged");
    assert.ok(!text.includes("keeps-this-secret"), "a password was logged");
    const errors = this.log.filter((line) => line.includes(`"level":"error"`));
    const expected = this.play.expectedErrors ?? [];
    const unexpected = errors.filter((line) => !expected.some((event) => line.includes(`"event":"${event}"`)));
    assert.deepEqual(unexpected, []);
    assert.deepEqual(this.failures, []);
  }

  port(place: Place): number {
    return this.server.listening[places.indexOf(place)]?.port ?? assert.fail(`Nothing listens for ${place}.`);
  }

  /** A connection on which nothing has been said. */
  async connect(place: Place = "trusted", headers: Record<string, string> = {}): Promise<RawClient> {
    const port = this.port(place);
    const client = await (place === "webSocket"
      ? RawClient.webSocket(port, host, headers)
      : RawClient[place === "tls" ? "tls" : "tcp"](port, host));
    this.#cast.push(client);
    return client;
  }

  async account(user: string): Promise<void> {
    const key = { host, user };
    if ((await this.server.storage.accounts.get(key)) === undefined) {
      await this.server.authentication.accounts.create(key, passwordOf(user));
    }
  }

  /** Logged in, no resource yet. */
  async authenticated(user: string, place?: Place, headers?: Record<string, string>): Promise<RawClient> {
    await this.account(user);
    const client = await this.connect(place, headers);
    await client.authenticates(user, passwordOf(user));
    return client;
  }

  /** Logged in with a resource; no presence yet. */
  async login(user: string, resource = "orchard", place?: Place): Promise<RawClient> {
    const client = await this.authenticated(user, place);
    await client.binds(resource);
    return client;
  }

  async enter(user: string, resource?: string, place?: Place): Promise<RawClient> {
    const client = await this.login(user, resource, place);
    await client.becomesAvailable();
    return client;
  }

  /** Somebody who was there all the time is as well as before. */
  async nobodyElseNotices(): Promise<void> {
    this.#innocent ??= await this.enter("benvolio", "street");
    await this.#innocent.makesRoundTrip();
    assert.doesNotMatch(this.#innocent.heard, /stream:error/);
  }
}

/** One server for all tests of a file. */
export function rawStage(play: RawPlay = {}): RawStage {
  const stage = new RawStage(play);
  before(async () => {
    await stage.start();
    await stage.nobodyElseNotices();
  });
  after(() => stage.stop());
  return stage;
}
