// Questions to DNS: asked within a time limit, answered from what is known where that holds.
import type { RecordWithTtl } from "node:dns";
import { Resolver } from "node:dns/promises";
import { DnsCache, type Holding } from "./dns-cache.js";
import type { LookupWatch, Outcome } from "./lookup.js";
import type { ServiceRecord } from "./service-records.js";

/** Failures are answers too: they are kept, if only briefly, and told to everybody who asked the same. */
export interface Answer<T> extends Outcome {
  readonly records: readonly T[];
}

export interface QuestionOptions {
  /** As node:dns setServers() takes them; empty: the system's. */
  readonly servers: readonly string[];
  /** Milliseconds for one question, all tries included. */
  readonly timeout: number;
  readonly now: () => number;
  /** Answers kept at one time, of names for services and of hosts each. */
  readonly mostCached: number;
}

/** Records of one answer; what is more stays unread. */
const mostRecords = 32;
/** node:dns does not tell how long SRV records hold. Hardly anybody says less than a minute, so none is kept too long. */
const serviceLifetime = 60_000;
/** Addresses hold as long as they say, but not longer than an hour: a typing error of the other side should pass. */
const longestLifetime = 3_600_000;
/** That there is no such record: node:dns does not tell how long that holds either (RFC 2308 §5). */
const absenceLifetime = 30_000;
const failureLifetime = 5_000;
/** From time to time, while questions fail, we look which name servers the system has now. */
const renewalInterval = 30_000;

export class Questions {
  readonly #options: QuestionOptions;
  readonly #services: DnsCache<Answer<ServiceRecord>>;
  readonly #addresses: DnsCache<Answer<string>>;
  #resolver: Resolver;
  #renewedAt: number;

  /** Throws TypeError when one of the servers is no address. */
  constructor(options: QuestionOptions) {
    this.#options = options;
    this.#services = new DnsCache(options.mostCached, options.now);
    this.#addresses = new DnsCache(options.mostCached, options.now);
    this.#resolver = this.#makeResolver();
    this.#renewedAt = options.now();
  }

  services(name: string, watch?: LookupWatch): Promise<Answer<ServiceRecord>> {
    const ask = async (): Promise<Holding<readonly ServiceRecord[]>> => {
      const records = await this.#resolver.resolveSrv(name);
      const preferred = records.sort((one, other) => one.priority - other.priority).slice(0, mostRecords);
      return { value: preferred, lifetime: serviceLifetime };
    };
    return this.#find(this.#services, `${name} SRV`, ask, readable, watch);
  }

  addresses(name: string, family: 4 | 6, watch?: LookupWatch): Promise<Answer<string>> {
    const ask = async (): Promise<Holding<readonly string[]>> => {
      const resolver = this.#resolver;
      const records = await (family === 4
        ? resolver.resolve4(name, { ttl: true })
        : resolver.resolve6(name, { ttl: true }));
      return { value: records.slice(0, mostRecords).map(({ address }) => address), lifetime: lifetimeOf(records) };
    };
    return this.#find(this.#addresses, `${name} ${family === 4 ? "A" : "AAAA"}`, ask, String, watch);
  }

  /** Records of a service that are known without asking. */
  knownServices(name: string): readonly ServiceRecord[] {
    return this.#services.peek(`${name} SRV`)?.records ?? [];
  }

  forgetServices(name: string): void {
    this.#services.forget(`${name} SRV`);
  }

  forgetAddresses(name: string): void {
    for (const type of ["A", "AAAA"]) this.#addresses.forget(`${name} ${type}`);
  }

  async #find<T>(
    cache: DnsCache<Answer<T>>,
    question: string,
    ask: () => Promise<Holding<readonly T[]>>,
    show: (record: T) => string,
    watch: LookupWatch | undefined,
  ): Promise<Answer<T>> {
    const began = performance.now();
    const { value: answer, isCached } = await cache.find(question, () => this.#answer(question, ask));
    const { records, problem } = answer;
    const milliseconds = Math.round(performance.now() - began);
    watch?.({ question, answers: records.map(show), milliseconds, isCached, ...(problem && { problem }) });
    return answer;
  }

  async #answer<T>(question: string, ask: () => Promise<Holding<readonly T[]>>): Promise<Holding<Answer<T>>> {
    try {
      const { value: records, lifetime } = await within(this.#options.timeout, ask());
      return { value: { question, records }, lifetime };
    } catch (error) {
      const code = error instanceof Error && "code" in error ? String(error.code) : "";
      if (absent.has(code))
        return { value: { question, records: [], problem: "dns-not-found" }, lifetime: absenceLifetime };
      this.#renewResolver();
      const problem = code === "ETIMEOUT" ? "dns-timeout" : "dns-failed";
      const reason = reasons[code] ?? `the question failed (${code === "" ? String(error) : code})`;
      return { value: { question, records: [], problem, reason }, lifetime: failureLifetime };
    }
  }

  /** A resolver reads the system's name servers once; a machine that moves to another network gets others. */
  #renewResolver(): void {
    const now = this.#options.now();
    if (this.#options.servers.length > 0 || now - this.#renewedAt < renewalInterval) return;
    this.#resolver = this.#makeResolver();
    this.#renewedAt = now;
  }

  #makeResolver(): Resolver {
    const { servers, timeout } = this.#options;
    const count = Math.max(1, servers.length === 0 ? new Resolver().getServers().length : servers.length);
    // All servers are asked in turn, and each round waits twice as long as the one before. From servers that use to be quick,
    // c-ares soon expects nothing else and waits less, so two rounds would end long before the time is up; four don't.
    const resolver = new Resolver({ timeout: Math.max(1, Math.ceil(timeout / 3 / count)), tries: 4 });
    if (servers.length > 0) resolver.setServers(servers);
    return resolver;
  }
}

/** No such name; a name without such records; a name that DNS can't have, such as one with labels of 64 octets. */
const absent = new Set(["ENOTFOUND", "ENODATA", "EBADNAME"]);

const reasons: Readonly<Record<string, string>> = {
  ETIMEOUT: "no name server answered in time",
  ESERVFAIL:
    "the name server could not find out (SERVFAIL): the domain's own servers are down, or its DNSSEC is broken",
  EREFUSED: "the name server refuses to answer us (REFUSED)",
  ECONNREFUSED: "nothing listens at the name server's address",
};

function lifetimeOf(records: readonly RecordWithTtl[]): number {
  return Math.min(longestLifetime, ...records.map(({ ttl }) => ttl * 1_000));
}

function readable({ priority, weight, port, name }: ServiceRecord): string {
  return `${priority} ${weight} ${port} ${name === "" ? "." : name}`;
}

/** Rejects as node:dns does when time is up. An answer that comes later is not used. */
function within<T>(milliseconds: number, asking: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = (): void => reject(Object.assign(new Error("time is up"), { code: "ETIMEOUT" }));
    const timer = setTimeout(late, milliseconds);
    asking.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
