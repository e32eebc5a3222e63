// The addresses of a host: from DNS, else from the system's hosts file.
import { interlaced } from "./addresses.js";
import { HostsFile } from "./hosts-file.js";
import { LookupError, type LookupWatch, nameInDns, refuseUnknown } from "./lookup.js";
import type { Answer, Questions } from "./name-questions.js";
import { addressIn } from "./target.js";

const mostAddresses = 16;
/**
 * Milliseconds that addresses of one family wait for those of the other. RFC 8305 §3 recommends 50 for somebody who looks on;
 * here nobody does, and both families are better than one. Some name servers never answer when asked for IPv6.
 */
const resolutionDelay = 500;

export class HostAddresses {
  readonly #questions: Questions;
  readonly #hosts: HostsFile | undefined;

  /** `hostsFile`: its path; undefined: none counts. */
  constructor(questions: Questions, hostsFile: string | undefined) {
    this.#questions = questions;
    this.#hosts = hostsFile === undefined ? undefined : new HostsFile(hostsFile);
  }

  /** RFC 6761 §6.3: these names are no business of DNS, unless the operator chose name servers that say otherwise. */
  isThisMachine(name: string): boolean {
    return this.#hosts !== undefined && /(?:^|\.)localhost$/.test(name);
  }

  /**
   * IPv6 and IPv4 in turn, 16 at the most.
   * @param host a name, or an address with or without brackets
   * @throws LookupError
   */
  async find(host: string, watch?: LookupWatch): Promise<readonly string[]> {
    const address = addressIn(host);
    if (address !== undefined) return [address];
    const name = nameInDns(host);
    if (this.isThisMachine(name)) return (await this.#written(name, watch)) ?? ["::1", "127.0.0.1"];
    const answers = await this.#ask(name, watch);
    const addresses = inTurn(answers.flatMap(({ records }) => records)) ?? (await this.#written(name, watch));
    if (addresses !== undefined) return addresses;
    for (const answer of answers) refuseUnknown(answer, host);
    throw new LookupError("dns-not-found", `DNS knows no address of ${host}: it has neither A nor AAAA records.`);
  }

  /** Both families at once (RFC 8305 §3). */
  #ask(name: string, watch: LookupWatch | undefined): Promise<readonly Answer<string>[]> {
    const six = this.#questions.addresses(name, 6, watch);
    const four = this.#questions.addresses(name, 4, watch);
    return Promise.all([orLate(six, four), orLate(four, six)]);
  }

  async #written(name: string, watch: LookupWatch | undefined): Promise<readonly string[] | undefined> {
    const addresses = inTurn((await this.#hosts?.addressesOf(name)) ?? []);
    if (addresses === undefined) return undefined;
    watch?.({ question: `${name} in the hosts file`, answers: addresses, milliseconds: 0, isCached: false });
    return addresses;
  }
}

function inTurn(addresses: readonly string[]): readonly string[] | undefined {
  return addresses.length === 0 ? undefined : interlaced(addresses).slice(0, mostAddresses);
}

/** The answer; but once the other one has records, only if it comes before long. */
function orLate<T>(asking: Promise<Answer<T>>, other: Promise<Answer<T>>): Promise<Answer<T>> {
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    let hasCome = false;
    const come = (answer: Answer<T>): void => {
      hasCome = true;
      clearTimeout(timer);
      resolve(answer);
    };
    const wait = ({ question, records }: Answer<T>): void => {
      const late = (): void => resolve({ question, records: [], problem: "dns-timeout" });
      if (!hasCome && records.length > 0) timer = setTimeout(late, resolutionDelay);
    };
    asking.then(come).catch(reject);
    other.then(wait).catch(reject);
  });
}
