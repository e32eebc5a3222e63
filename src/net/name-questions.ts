// Questions to DNS: asked within a time limit, answered from what is known where that holds.
import type { RecordWithTtl } from "node:dns";
import { DnsCache, type Holding } from "./dns-cache.js";
import { codeOf, isAbsence, LimitedResolver, type ResolverOptions } from "./limited-resolver.js";
import type { LookupWatch, Outcome } from "./lookup.js";
import type { ServiceRecord } from "./service-records.js";

/** Failures are answers too: they are kept, if only briefly, and told to everybody who asked the same. */
export interface Answer<T> extends Outcome {
  readonly records: readonly T[];
}

export interface QuestionOptions extends ResolverOptions {
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

export class Questions {
  readonly #resolver: LimitedResolver;
  readonly #services: DnsCache<Answer<ServiceRecord>>;
  readonly #addresses: DnsCache<Answer<string>>;

  /** Throws TypeError when one of the servers is no address. */
  constructor(options: QuestionOptions) {
    this.#resolver = new LimitedResolver(options);
    this.#services = new DnsCache(options.mostCached, options.now);
    this.#addresses = new DnsCache(options.mostCached, options.now);
  }

  services(name: string, watch?: LookupWatch): Promise<Answer<ServiceRecord>> {
    const ask = async (): Promise<Holding<readonly ServiceRecord[]>> => {
      const records = await this.#resolver.ask((resolver) => resolver.resolveSrv(name));
      const preferred = records.sort((one, other) => one.priority - other.priority).slice(0, mostRecords);
      return { value: preferred, lifetime: serviceLifetime };
    };
    return this.#find(this.#services, `${name} SRV`, ask, readable, watch);
  }

  addresses(name: string, family: 4 | 6, watch?: LookupWatch): Promise<Answer<string>> {
    const ask = async (): Promise<Holding<readonly string[]>> => {
      const records = await this.#resolver.ask((resolver) =>
        family === 4 ? resolver.resolve4(name, { ttl: true }) : resolver.resolve6(name, { ttl: true }),
      );
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

  /** Gives up what is being asked. */
  cancel(): void {
    this.#resolver.cancel();
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
      const { value: records, lifetime } = await ask();
      return { value: { question, records }, lifetime };
    } catch (error) {
      return isAbsence(error)
        ? { value: { question, records: [], problem: "dns-not-found" }, lifetime: absenceLifetime }
        : { value: { question, records: [], ...failure(error) }, lifetime: failureLifetime };
    }
  }
}

function failure(error: unknown): Pick<Outcome, "problem" | "reason"> {
  const code = codeOf(error);
  const reason = reasons[code] ?? `the question failed (${code === "" ? String(error) : code})`;
  return { problem: code === "ETIMEOUT" ? "dns-timeout" : "dns-failed", reason };
}

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
