// The domains that a server under test has kept for external components (XEP-0114); a scene borrows one for each.

/** Hands out the domain that has been unused for longest, so that its last connection has surely ended. */
export class ComponentDomains {
  private readonly free: string[];

  constructor(domains: readonly string[]) {
    this.free = [...domains];
  }

  /** @throws Error when more are in use than the server has */
  borrow(): string {
    const domain = this.free.shift();
    if (domain === undefined) throw new Error("all component domains of the server are in use");
    return domain;
  }

  giveBack(domain: string): void {
    this.free.push(domain);
  }
}
