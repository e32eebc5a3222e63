// Another domain, as if it were on another server: what is sent there, and what comes from there.
import type { Element } from "../../src/xml/element.js";
import { parseStanza } from "../../src/stanza/parse-stanza.js";
import type { Stanza } from "../../src/stanza/stanza.js";
import { elementOf } from "./same-xml.js";
import type { Stage } from "./play-server.js";

export class RemoteDomain {
  readonly received: Element[] = [];
  /** What it does about a stanza, beside remembering it. */
  onReceived: (stanza: Element) => void = () => undefined;

  constructor(
    private readonly stage: Stage,
    domain: string,
  ) {
    stage.router.addRoute(domain, { receive: (stanza) => this.#receive(stanza) });
  }

  /** A stanza with `from` and `to`. */
  sends(stanza: string): void {
    this.stage.router.route(parseStanza(elementOf(stanza).toString()));
  }

  /** All that has come since one last looked. */
  async arrivals(): Promise<Element[]> {
    await this.stage.settle();
    return this.received.splice(0);
  }

  #receive(stanza: Stanza): void {
    this.received.push(stanza.element());
    this.onReceived(stanza.element());
  }
}
