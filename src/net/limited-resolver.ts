// node:dns within a time limit that is kept, and with the name servers that the system has now.
import { Resolver } from "node:dns/promises";

export interface ResolverOptions {
  /** As node:dns setServers() takes them; empty: the system's. */
  readonly servers: readonly string[];
  /** Milliseconds for one question, all tries included. */
  readonly timeout: number;
  /** Milliseconds on a clock that never goes back. */
  readonly now: () => number;
}

/** Milliseconds between looks at which name servers the system has, while questions fail. */
const renewalInterval = 30_000;

/** No such name; a name without such records; a name that DNS can't have, such as one with labels of 64 octets. */
const absenceCodes: readonly unknown[] = ["ENOTFOUND", "ENODATA", "EBADNAME"];

export class LimitedResolver {
  readonly #options: ResolverOptions;
  #resolver: Resolver;
  #renewedAt: number;
  #underWay = 0;

  /** Throws TypeError when one of the servers is no address. */
  constructor(options: ResolverOptions) {
    this.#options = options;
    this.#resolver = this.#make();
    this.#renewedAt = options.now();
  }

  /** Asks one question. Rejects as node:dns does; with ETIMEOUT when time is up, and an answer that comes later is lost. */
  async ask<T>(question: (resolver: Resolver) => Promise<T>): Promise<T> {
    const resolver = this.#resolver;
    this.#underWay++;
    try {
      return await within(this.#options.timeout, question(resolver));
    } catch (error) {
      if (!isAbsence(error)) this.#renew();
      throw error;
    } finally {
      // c-ares may go on with what is late, and can give up all questions only, not one.
      if (--this.#underWay === 0) resolver.cancel();
    }
  }

  /** Gives up all questions under way, with ECANCELLED. */
  cancel(): void {
    this.#resolver.cancel();
  }

  /** A resolver reads the system's name servers once; a machine that moves to another network gets others. */
  #renew(): void {
    const now = this.#options.now();
    if (this.#options.servers.length > 0 || now - this.#renewedAt < renewalInterval) return;
    this.#resolver = this.#make();
    this.#renewedAt = now;
  }

  #make(): Resolver {
    const { servers, timeout } = this.#options;
    const count = Math.max(1, servers.length === 0 ? new Resolver().getServers().length : servers.length);
    // All servers are asked in turn, and each round waits twice as long as the one before. From servers that use to be quick,
    // c-ares soon expects nothing else and waits less, so two rounds would end long before the time is up; four don't.
    const resolver = new Resolver({ timeout: Math.max(1, Math.ceil(timeout / 3 / count)), tries: 4 });
    if (servers.length > 0) resolver.setServers(servers);
    return resolver;
  }
}

/** DNS has said that there is no such record. */
export function isAbsence(error: unknown): boolean {
  return absenceCodes.includes(codeOf(error));
}

/** `ESERVFAIL` and the like; empty for other errors. */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

function within<T>(milliseconds: number, asking: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = (): void => reject(Object.assign(new Error("time is up"), { code: "ETIMEOUT" }));
    const timer = setTimeout(late, milliseconds);
    asking.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
