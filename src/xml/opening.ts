// The start tag of a stream, and the namespaces that it declares for everything inside.
import type { HeaderScope } from "./scope.js";

/** What a stream header says (RFC 6120 §4.7); whether it is acceptable is judged by the layer above. */
export interface StreamOpening {
  /** Local name: "stream" in a correct header. */
  readonly name: string;
  /** The namespace of the element itself; "" without one. */
  readonly namespace: string;
  /** "stream" by convention. */
  readonly prefix: string;
  /** The content namespace (RFC 6120 §4.8.1), "jabber:client" say; "" without one. */
  readonly defaultNamespace: string;
  /** Every prefix declared, with its namespace. */
  readonly prefixes: ReadonlyMap<string, string>;
  readonly to: string | undefined;
  readonly from: string | undefined;
  readonly id: string | undefined;
  readonly version: string | undefined;
  readonly lang: string | undefined;
}

const LONGEST_KEY = 512;
const MOST_SCOPES = 64;

/** Equal scopes as one object, so that ten thousand streams with the same header share theirs. Keeps the latest used. */
export class ScopeCache {
  readonly #scopes = new Map<string, HeaderScope>();

  share(scope: HeaderScope): HeaderScope {
    const key = [scope.defaultNamespace, scope.foreign ?? "", ...[...scope.prefixes].flat()].join("\n");
    const shared = this.#scopes.get(key) ?? scope;
    if (key.length > LONGEST_KEY) return scope;
    // Deleted and set again it is the youngest.
    this.#scopes.delete(key);
    this.#scopes.set(key, shared);
    const [oldest] = this.#scopes.keys();
    if (this.#scopes.size > MOST_SCOPES && oldest !== undefined) this.#scopes.delete(oldest);
    return shared;
  }
}
