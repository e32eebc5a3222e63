// Finds out by DNS where the servers of a domain listen (RFC 6120 §3.2, XEP-0368).
import { HostAddresses } from "./host-addresses.js";
import { systemHostsFile } from "./hosts-file.js";
import { LookupError, type LookupWatch, nameInDns, refuseUnknown } from "./lookup.js";
import { Questions } from "./name-questions.js";
import { targetsIn } from "./server-targets.js";
import { addressIn, asciiName, serverPort, type Target } from "./target.js";

export { LookupError, type LookupProblem, type LookupStep } from "./lookup.js";
export { parseTarget, type Target } from "./target.js";

export interface LocatorOptions {
  /** As node:dns setServers() takes them: `192.0.2.53`, `127.0.0.1:5353`, `[::1]:53`. Empty: the system's. */
  readonly servers: readonly string[];
  /** Milliseconds for one question, all tries included. */
  readonly timeout: number;
  /** Milliseconds on a clock that never goes back. */
  readonly now?: () => number;
  /** From 0 up to but not including 1. */
  readonly random?: () => number;
  /** Answers kept at one time, of services and of hosts each; 4 096 when left out. */
  readonly mostCached?: number;
  /** When left out: the system's where its name servers are asked, else none. */
  readonly hostsFile?: string;
}

const mostTargets = 32;

export class Locator {
  readonly #questions: Questions;
  readonly #addresses: HostAddresses;
  readonly #random: () => number;

  /** Throws TypeError when one of the servers is no address. */
  constructor({ servers, timeout, now, random, mostCached, hostsFile }: LocatorOptions) {
    const clock = now ?? ((): number => performance.now());
    this.#questions = new Questions({ servers, timeout, now: clock, mostCached: mostCached ?? 4_096 });
    this.#addresses = new HostAddresses(
      this.#questions,
      hostsFile ?? (servers.length === 0 ? systemHostsFile : undefined),
    );
    this.#random = random ?? Math.random;
  }

  /**
   * Where servers of a domain listen, in the order in which to try them: 32 at the most.
   * @param domain prepared: a name, an IPv4 address, or an IPv6 address in brackets
   * @throws LookupError
   */
  async locate(domain: string, watch?: LookupWatch): Promise<readonly Target[]> {
    const address = addressIn(domain);
    if (address !== undefined) return [atItself(address)]; // RFC 6120 §3.2.3
    const name = nameInDns(domain);
    if (this.#addresses.isThisMachine(name)) return [atItself(name)];
    const [plainName, directName] = serviceNames(name);
    const answers = await Promise.all([
      this.#questions.services(plainName, watch),
      this.#questions.services(directName, watch),
    ]);
    const targets = targetsIn(...answers, this.#random).slice(0, mostTargets);
    if (targets.length > 0) return targets;
    // RFC 6120 §3.2.1 would fall back here too. But who does not know must not go elsewhere than who knows.
    for (const answer of answers) refuseUnknown(answer, domain);
    if (answers.some(({ records }) => records.length > 0)) throw noService(domain);
    return this.#atItsAddress(name, domain, watch);
  }

  /**
   * IPv6 and IPv4 addresses of a host, in turn (RFC 8305 §4): 16 at the most.
   * @throws LookupError
   */
  addressesOf(host: string, watch?: LookupWatch): Promise<readonly string[]> {
    return this.#addresses.find(host, watch);
  }

  /** What DNS said of a domain, and of the hosts that it named, is asked anew. */
  forget(domain: string): void {
    const name = asciiName(domain);
    if (name === undefined) return;
    for (const service of serviceNames(name)) {
      for (const { name: host } of this.#questions.knownServices(service)) {
        this.#questions.forgetAddresses(host.toLowerCase());
      }
      this.#questions.forgetServices(service);
    }
    this.#questions.forgetAddresses(name);
  }

  /** Gives up the questions under way, which then have failed: else they keep the process alive for the time given. */
  close(): void {
    this.#questions.cancel();
  }

  /** RFC 6120 §3.2.2. */
  async #atItsAddress(name: string, domain: string, watch?: LookupWatch): Promise<readonly Target[]> {
    try {
      await this.addressesOf(name, watch);
    } catch (error) {
      if (!(error instanceof LookupError) || error.problem !== "dns-not-found") throw error;
      throw new LookupError("dns-not-found", `DNS knows no ${domain}: it has neither SRV records nor an address.`);
    }
    return [atItself(name)];
  }
}

function serviceNames(name: string): readonly [string, string] {
  return [`_xmpp-server._tcp.${name}`, `_xmpps-server._tcp.${name}`];
}

function atItself(host: string): Target {
  return { host, port: serverPort, isDirectTls: false, source: "address" };
}

function noService(domain: string): LookupError {
  const what = `${domain} takes no connections from other servers: its SRV records name no usable target`;
  return new LookupError("dns-no-service", `${what} (“.” says so on purpose). Only its operator can change that.`);
}
