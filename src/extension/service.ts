// A domain of its own that an extension serves beside its host's, such as rooms.verona.example.
import type { Jid } from "../jid/jid.js";
import type { Stanza } from "../stanza/stanza.js";
import type { Element } from "../xml/element.js";

export interface Service {
  /**
   * Takes a stanza to the domain or to an address in it; `from` and `to` are set. The promise settles when all that the
   * stanza caused is on disk. What it throws, or rejects with, is the answer to the stanza.
   */
  receive(stanza: Stanza): void | Promise<void>;
}

export interface OpenService {
  readonly jid: Jid;
  /** Sends on the road of ARCHITECTURE §2; `to` and `from` must be set. */
  send(stanza: Stanza): void;
  /** One stanza for many: the same text, each with its own `to`. The cheap way to reach a whole room. */
  sendToAll(stanza: Stanza, recipients: Iterable<Jid>): void;
  /** Sends an IQ request from an address of the service, as HostServices.request does from the host's. */
  request(from: Jid, to: Jid, type: "get" | "set", payload: Element, timeout?: number): Promise<Element | undefined>;
}
