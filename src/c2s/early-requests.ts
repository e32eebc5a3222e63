// IQ requests before login, for extensions that answer them (in-band registration); RFC 6120 itself allows none.
import { networkPrefix } from "../auth/network-prefix.js";
import type { EarlyIqHandler, EarlyStream, IqAnswer } from "../extension/iq-table.js";
import { errorFor, resultOf } from "../stanza/build.js";
import { checkStanza } from "../stanza/check.js";
import { Stanza } from "../stanza/stanza.js";
import type { Stream } from "../stream/stream.js";
import type { Fragment } from "../xml/fragment.js";
import { NAMESPACES } from "../xml/namespaces.js";
import type { ClientHost } from "./client-host.js";

type Entry = { readonly owner: string; readonly handler: EarlyIqHandler };

export class EarlyRequests {
  readonly #facts: EarlyStream;

  constructor(
    private readonly stream: Stream,
    private readonly host: ClientHost,
  ) {
    const { tls, isTrusted, remoteAddress } = stream.transport;
    this.#facts = { isSecure: tls !== undefined || isTrusted, remoteAddress, network: networkPrefix(remoteAddress) };
  }

  /** False when nobody answers such a thing. */
  take(fragment: Fragment): boolean {
    const [child] = fragment.children;
    if (fragment.namespace !== NAMESPACES.client || fragment.name !== "iq" || child === undefined) return false;
    const entry = this.host.earlyIqs.get(`${fragment.type ?? ""} ${child.namespace} ${child.name}`);
    if (entry === undefined) return false;
    // The answer comes from the host, to whom has no address yet.
    const request = Stanza.received("iq", fragment, this.host.local.jid, undefined);
    this.#answer(request, entry);
    return true;
  }

  /** Nothing else of this stream is read until the answer is there. */
  #answer(request: Stanza, entry: Entry): void {
    this.stream.pause();
    this.#outcome(request, entry)
      .then((answer) => this.stream.send(answer))
      .catch((error: unknown) => this.host.local.failed(entry.owner, "iq", error))
      .finally(() => this.stream.resume());
  }

  async #outcome(request: Stanza, entry: Entry): Promise<Stanza> {
    try {
      checkStanza(request);
      return resultOf(request, (await this.#ask(request, entry)) ?? undefined);
    } catch (error) {
      return errorFor(request, this.host.local.asStanzaError(entry.owner, error));
    }
  }

  #ask(stanza: Stanza, { handler }: Entry): IqAnswer | Promise<IqAnswer> {
    const [payload] = stanza.element().getChildElements();
    if (payload === undefined) throw new Error("A request that was checked has a payload.");
    return handler({ stanza, type: stanza.type === "get" ? "get" : "set", payload, stream: this.#facts });
  }
}
