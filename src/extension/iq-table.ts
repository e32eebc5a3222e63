// Who answers which IQ request: found by type → target → namespace → name (ARCHITECTURE §4).
import type { Jid } from "../jid/jid.js";
import type { Element } from "../xml/element.js";
import type { Stanza } from "../stanza/stanza.js";
import { StanzaError } from "../stanza/stanza-error.js";
import type { Account, Session } from "./session.js";

/**
 * "host": addressed to the host itself. "own-account": a user to their own account (no `to`, or their bare JID).
 * "account": anybody to a bare JID of this host, whether there is such an account or not; the handler decides who may.
 * Own-account handlers are found first.
 */
export type IqTarget = "host" | "own-account" | "account";

export interface IqRequest {
  readonly stanza: Stanza;
  readonly type: "get" | "set";
  readonly from: Jid;
  readonly to: Jid;
  /** The request's one child, as a tree. */
  readonly payload: Element;
  /** Calls back as soon as the answer has been sent, before anything else can be: for what must come right behind it. */
  readonly afterAnswer: (job: () => void) => void;
}

/** What an own-account handler gets: its user's account and session. */
export interface OwnIqRequest extends IqRequest {
  readonly account: Account;
  readonly session: Session;
}

/**
 * What a handler of "account" gets. `isAuthorized`: the asker is the account's owner, or sees its presence. Others must not
 * learn whether there is an account (RFC 6120 §13.11), so they and those who ask for nobody come to the same handler.
 */
export type AccountIqRequest = IqRequest &
  (
    | { readonly isAuthorized: true; readonly account: Account }
    | { readonly isAuthorized: false; readonly account: Account | undefined }
  );

/** What a handler of "host" gets. `session` is the asker's when they are a user of this very host. */
export interface HostIqRequest extends IqRequest {
  readonly session: Session | undefined;
}

export interface IqRequests {
  host: HostIqRequest;
  "own-account": OwnIqRequest;
  account: AccountIqRequest;
}

/** A request on a stream before login: the asker is nobody yet. */
export interface EarlyIqRequest extends Pick<IqRequest, "stanza" | "type" | "payload"> {
  readonly stream: EarlyStream;
}

/** A stream before login; the same object for all its requests. */
export interface EarlyStream {
  readonly isSecure: boolean;
  readonly remoteAddress: string;
  /** Where the address belongs to, coarsely: the measure to limit what one stranger may do. */
  readonly network: string;
}

/** The payload of the result; undefined for an empty one. Refuses by throwing a StanzaError. */
export type IqAnswer = Element | undefined | void;
export type IqHandler<R extends IqRequest = IqRequest> = (request: R) => IqAnswer | Promise<IqAnswer>;
export type EarlyIqHandler = (request: EarlyIqRequest) => IqAnswer | Promise<IqAnswer>;

interface Entry {
  readonly owner: string;
  readonly handler: IqHandler<never>;
}

export class IqTable {
  readonly #entries = new Map<string, Entry>();

  add<T extends IqTarget>(
    type: "get" | "set",
    target: T,
    namespace: string,
    name: string,
    owner: string,
    handler: IqHandler<IqRequests[T]>,
  ): void {
    const key = keyOf(type, target, namespace, name);
    const other = this.#entries.get(key);
    if (other !== undefined) {
      throw new Error(`Both ${other.owner} and ${owner} want to answer IQ ${type} ${namespace} ${name} to ${target}.`);
    }
    this.#entries.set(key, { owner, handler });
  }

  /** The handler for a request, or undefined: then the answer is <service-unavailable/>. */
  find<T extends IqTarget>(
    target: T,
    stanza: Stanza,
  ): { readonly owner: string; readonly handler: IqHandler<IqRequests[T]> } | undefined {
    const child = stanza.children[0];
    if (child === undefined) throw new StanzaError("bad-request");
    const entry = this.#entries.get(keyOf(stanza.type === "get" ? "get" : "set", target, child.namespace, child.name));
    return entry as { owner: string; handler: IqHandler<IqRequests[T]> } | undefined;
  }
}

function keyOf(type: string, target: IqTarget, namespace: string, name: string): string {
  return `${type} ${target} ${namespace} ${name}`;
}
