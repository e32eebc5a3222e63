// What extensions of a host have registered beside IQ handlers and stages: stream features, nonzas, session slots, stops.
import type { FeatureContext, FeaturePhase, SessionSlot, UndeliverableHandler } from "../extension/host.js";
import type { EarlyIqHandler } from "../extension/iq-table.js";
import type { Session } from "../extension/session.js";
import type { Registered } from "../extension/stages.js";
import type { Element } from "../xml/element.js";
import { sessionSlot } from "./extension-host.js";

export type FeatureMaker = (stream: FeatureContext) => Element | undefined;
export type NonzaHandler = (session: Session, element: Element) => void;

export class HostTables {
  readonly features: Record<FeaturePhase, FeatureMaker[]> = { "before-login": [], "after-login": [] };
  readonly undeliverable: Registered<UndeliverableHandler>[] = [];
  /** By "namespace name". */
  readonly nonzas = new Map<string, NonzaHandler>();
  /** What is answered before login, by "type namespace name". */
  readonly earlyIqs = new Map<string, { readonly owner: string; readonly handler: EarlyIqHandler }>();
  readonly farewells: { readonly owner: string; readonly handler: () => void }[] = [];
  readonly stops: (() => void | Promise<void>)[] = [];
  #slots = 0;

  addNonza(namespace: string, name: string, owner: string, handler: NonzaHandler): void {
    const key = `${namespace} ${name}`;
    if (this.nonzas.has(key)) throw new Error(`${owner} wants <${name} xmlns='${namespace}'/>, which is taken.`);
    this.nonzas.set(key, handler);
  }

  addEarlyIq(type: "get" | "set", namespace: string, name: string, owner: string, handler: EarlyIqHandler): void {
    const key = `${type} ${namespace} ${name}`;
    const other = this.earlyIqs.get(key)?.owner;
    if (other !== undefined) throw new Error(`Both ${other} and ${owner} want to answer IQ ${key} before login.`);
    this.earlyIqs.set(key, { owner, handler });
  }

  slot<T>(initial: T): SessionSlot<T> {
    return sessionSlot(this.#slots++, initial);
  }
}
