// A domain of its own that an extension serves beside its host's, such as rooms.verona.example.
import type { Jid } from "../jid/jid.js";
import type { Stanza } from "../stanza/stanza.js";
import type { Element } from "../xml/element.js";

export interface Service {
  /**
   * A stanza to the domain or to an address in it, `from` and `to` set, in the order of arrival; an IQ request has exactly
   * one child. The promise settles when all that the stanza caused is on disk. A StanzaError that it throws or rejects with
   * is the answer, from the address that the stanza was for; any other failure is logged and answered as one of the server.
   * It may be called while a send() of its own is under way: with the error that this one has led to.
   */
  receive(stanza: Stanza): void | Promise<void>;
}

export interface OpenService {
  /** The domain. */
  readonly jid: Jid;
  /** Sends on the road of ARCHITECTURE §2; `to` and `from` set. */
  send(stanza: Stanza): void;
  /** One stanza for many: the same text, each with its own `to`. The cheap way to reach a whole room. */
  sendToAll(stanza: Stanza, recipients: Iterable<Jid>): void;
  /** As HostServices.request, from an address of this service. The answer does not come to receive(). */
  request(from: Jid, to: Jid, type: "get" | "set", payload: Element, timeout?: number): Promise<Element | undefined>;
}
