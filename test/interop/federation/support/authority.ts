// An authority with an intermediate one below it, as those have that the public trusts, and papers for servers.
import { issue, makeAuthority, type Identity, type Wishes } from "../../../net/support/authority.js";

const DAY_MILLISECONDS = 86_400_000;

/** PEM texts; the certificate is followed by that of the intermediate authority. */
export interface Credentials {
  readonly certificate: string;
  readonly key: string;
}

/** What may be unusual about a certificate; nothing is by default. */
export interface Peculiarities {
  /** It was valid once, until yesterday. */
  readonly hasExpired?: boolean;
  /** For servers only, as public authorities issue them now; otherwise for clients, too. */
  readonly isForServersOnly?: boolean;
  /** Domains that the server has for services of this one. */
  readonly services?: readonly string[];
}

export class Authority {
  readonly #root: Identity;
  readonly #intermediate: Identity;

  constructor(name: string) {
    this.#root = makeAuthority(name);
    this.#intermediate = issue(this.#root, { name: `${name}, Gallery`, isAuthority: true });
  }

  /** The root certificate (PEM), for those who are to trust it. */
  get certificate(): string {
    return this.#root.pem;
  }

  /** A key and a certificate for this domain. */
  issue(
    domain: string,
    { hasExpired = false, isForServersOnly = false, services = [] }: Peculiarities = {},
  ): Credentials {
    const usages: Wishes["usages"] = isForServersOnly ? ["serverAuth"] : ["serverAuth", "clientAuth"];
    const now = Date.now();
    const past = { notBefore: now - 30 * DAY_MILLISECONDS, notAfter: now - DAY_MILLISECONDS };
    const { pem, keyPem } = issue(this.#intermediate, {
      dns: [domain, ...services],
      usages,
      ...(hasExpired ? past : {}),
    });
    return { certificate: pem + this.#intermediate.pem, key: keyPem };
  }
}
