// One configured component: the route of its domain, whether it is connected or not.
import type { Route, Router } from "../routing/router.js";
import { StanzaError } from "../stanza/stanza-error.js";
import type { Stanza } from "../stanza/stanza.js";
import type { ComponentConnection } from "./connection.js";
import type { ComponentOptions } from "./options.js";

export class Component implements Route {
  /** The connection that has proved to know the secret; there is one at most. */
  connection: ComponentConnection | undefined;

  constructor(
    /** Prepared. */
    readonly domain: string,
    readonly options: ComponentOptions,
    private readonly router: Router,
  ) {}

  receive(stanza: Stanza): void {
    if (this.connection !== undefined) return this.connection.send(stanza);
    const text = `The component ${this.domain} is not connected.`;
    this.router.bounce(stanza, new StanzaError("service-unavailable", { text }));
  }

  /** Gives back what the component can't have got: another try may succeed (RFC 6120 §8.3.3.13). */
  returnUnsent(stanzas: readonly Stanza[]): void {
    const text = `The component ${this.domain} went away before it had read this.`;
    for (const stanza of stanzas) this.router.bounce(stanza, new StanzaError("recipient-unavailable", { text }));
  }
}
