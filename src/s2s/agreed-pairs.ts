// The pairs of domains that were agreed on for a stream: from whom to whom stanzas may come in on it.
export class AgreedPairs {
  /** "sender target" of each. */
  readonly #pairs = new Set<string>();
  /** The pair that was last found to be among them: mostly it is the next stanza's, too. */
  #lastSender = "";
  #lastTarget = "";

  get all(): ReadonlySet<string> {
    return this.#pairs;
  }

  add(sender: string, target: string): void {
    this.#pairs.add(`${sender} ${target}`);
  }

  has(sender: string, target: string): boolean {
    if (sender === this.#lastSender && target === this.#lastTarget) return true;
    if (!this.#pairs.has(`${sender} ${target}`)) return false;
    this.#lastSender = sender;
    this.#lastTarget = target;
    return true;
  }

  /** One of the domains that stanzas from this one may go to; undefined when it was not proven at all. */
  targetFor(sender: string): string | undefined {
    const first = [...this.#pairs].find((pair) => pair.startsWith(`${sender} `));
    return first?.slice(sender.length + 1);
  }
}
