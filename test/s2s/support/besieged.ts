// Verona, a whole server with users who mind their own business, and other servers that are played by hand.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { issue, type Identity, type Wishes } from "../../net/support/authority.js";
import { type NameServer, startNameServer } from "../../support/name-server.js";
import type { RawClient } from "../../support/raw-client.js";
import { type Part, Puppet } from "./puppet.js";
import { PuppetServer } from "./puppet-server.js";
import { World, type WorldServer } from "./world.js";

/** Must reach nobody: what is sent without a right to is called so. */
export const forbidden = "this-must-reach-nobody";
export const verona = "verona.example";

/** How Verona treats other domains: a port for each that it may connect to. */
export type Peers = Readonly<Record<string, string>>;

export class Besieged {
  world!: World;
  server!: WorldServer;
  nameServer!: NameServer;
  /** A user who is there and hears what should not be heard. */
  juliet!: RawClient;
  readonly #peers = new Map<string, PuppetServer>();
  readonly #endings: (() => unknown)[] = [];
  benvolio!: RawClient;
  /** Events before it belong to tests that are over. */
  #firstEvent = 0;

  constructor(
    private readonly peers: Peers,
    private readonly config: string,
  ) {}

  async begin(): Promise<void> {
    const test = { after: (ending?: unknown) => void this.#endings.unshift(ending as () => unknown) };
    this.nameServer = await startNameServer(test);
    this.world = await World.begin(test);
    let config = `${this.config}\n[dns]\nservers = ["${this.nameServer.address}"]\n`;
    for (const [domain, more] of Object.entries(this.peers)) {
      const peer = await PuppetServer.begin(test, { from: domain, to: verona, identity: this.identity(domain) });
      this.#peers.set(domain, peer);
      config += peer.asPeer(more);
    }
    this.server = await this.world.server(verona, { config });
    this.benvolio = await this.server.enter("benvolio");
    this.juliet = await this.server.enter("juliet");
  }

  async end(): Promise<void> {
    for (const ending of this.#endings) await ending();
  }

  /** A good certificate for a domain. */
  identity(...dns: readonly string[]): Identity {
    return issue(this.world.authority, { dns });
  }

  issue(wishes: Wishes): Identity {
    return issue(this.world.authority, wishes);
  }

  /** A connection from another server, on which nothing has been said. */
  connect(from: string, part: Partial<Part> = {}): Promise<Puppet> {
    return Puppet.to(this.server.port("s2s"), { from, to: verona, identity: this.identity(from), ...part });
  }

  peer(domain: string): PuppetServer {
    return this.#peers.get(domain) ?? assert.fail(`${domain} is not played.`);
  }

  /** Lets Verona try a domain again that it would leave alone for a while: a stream of the domain's has come through. */
  async forgive(domain: string): Promise<void> {
    const puppet = await this.connect(domain);
    await puppet.authenticates();
    await this.logs("s2s-accepted", { remote: domain });
    puppet.send("</stream:stream>");
    await puppet.ends();
  }

  /** A stanza that must not arrive. */
  intrusion(from: string, to = `juliet@${verona}`): string {
    return `<message from='${from}' to='${to}' type='chat'><body>${forbidden}</body></message>`;
  }

  /** Resolves once such an event, with at least these facts, has been logged in this test. */
  async logs(event: string, facts: Readonly<Record<string, unknown>> = {}): Promise<void> {
    const isSo = (line: Readonly<Record<string, unknown>>): boolean =>
      line["event"] === event && Object.entries(facts).every(([name, value]) => line[name] === value);
    await this.server.logs(isSo, this.#firstEvent);
  }

  hasLogged(event: string): boolean {
    return this.server.log.slice(this.#firstEvent).some((line) => line["event"] === event);
  }

  /** Users are as well as before, and nothing has leaked to them. */
  async nobodyElseNotices(): Promise<void> {
    for (const user of [this.benvolio, this.juliet]) {
      await user.makesRoundTrip();
      assert.ok(!user.heard.includes(forbidden), "something leaked");
      assert.doesNotMatch(user.heard, /stream:error/);
    }
    this.#firstEvent = this.server.log.length;
  }
}

/** One server for all tests of a file. */
export function besieged(peers: Peers = {}, config = ""): Besieged {
  const siege = new Besieged(peers, config);
  before(() => siege.begin());
  after(() => siege.end());
  return siege;
}
