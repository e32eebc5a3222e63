// RFC 6121 §8.5: which sessions of an account get a message, and what happens when none does.
import { StanzaError } from "../stanza/stanza-error.js";
import type { Stanza } from "../stanza/stanza.js";
import type { LocalAccount } from "./local-account.js";
import type { LocalHost } from "./local-host.js";
import type { LocalSession } from "./local-session.js";

export class MessageDelivery {
  /** Messages that have gone to several sessions, and how many of these have not given theirs back unsent. */
  readonly #copies = new WeakMap<Stanza, number>();

  constructor(private readonly host: LocalHost) {}

  /** Delivers a message that has passed the incoming stages. */
  deliver(message: Stanza, account: LocalAccount): void {
    if (message.to?.isBare === false) this.#deliverToResource(message, account);
    else this.#deliverToAccount(message, account);
  }

  /** A session went away with this message unsent: it goes elsewhere, unless another session has got it. */
  redeliver(message: Stanza, account: LocalAccount): void {
    const copies = (this.#copies.get(message) ?? 1) - 1;
    this.#copies.set(message, copies);
    if (copies > 0) return;
    if (message.type === undefined || message.type === "normal") this.#deliverToAccount(message, account);
    else this.deliver(message, account);
  }

  /** RFC 6121 §8.5.1: there is no such account. A headline is ignored, as for those who are not here (§8.5.4). */
  refuseForNobody(message: Stanza): void {
    const isIgnored = message.type === "headline" && message.to?.isBare === true;
    if (!isIgnored) this.#refuse(message);
  }

  /** §8.5.3: addressed to a full JID. */
  #deliverToResource(message: Stanza, account: LocalAccount): void {
    const session = message.to === undefined ? undefined : account.session(message.to);
    if (session !== undefined) return session.deliver(message);
    // §8.5.3.2.1: only a chat message may go to the account's other resources instead.
    if (message.type === "chat") return this.#deliverToAccount(message, account);
    this.#refuse(message);
  }

  /** §8.5.2: addressed to the bare JID, or treated so. */
  #deliverToAccount(message: Stanza, account: LocalAccount): void {
    const { type } = message;
    if (type === "error") return; // §8.5.2.1.1: "silently ignore"
    if (type === "groupchat") return this.#refuse(message);
    if (this.#deliverToAll(message, account)) return;
    // §8.5.2.2.1: a headline for nobody is dropped, all else is stored or refused.
    if (type === "headline") return;
    const failed = (error: unknown): void => this.host.failed("core", "undeliverable", error);
    this.host.router.custody.until(this.#storeOrRefuse(message, account).catch(failed));
  }

  /** §8.5.2.1.1: to all resources of non-negative priority; those of negative priority never. False when there is none. */
  #deliverToAll(message: Stanza, { sessions }: LocalAccount): boolean {
    let first: LocalSession | undefined;
    let others: LocalSession[] | undefined;
    for (const session of sessions) {
      if (!takesMessages(session)) continue;
      if (first === undefined) first = session;
      else (others ??= []).push(session);
    }
    if (others !== undefined) this.#copies.set(message, others.length + 1);
    first?.deliver(message);
    for (const session of others ?? []) session.deliver(message);
    return first !== undefined;
  }

  /** Offers the message to those who take what can't be delivered (offline storage, push). */
  async #storeOrRefuse(message: Stanza, account: LocalAccount): Promise<void> {
    const { undeliverable, accounts } = this.host;
    for (const { owner, handler } of undeliverable) {
      try {
        if (await handler(message, account)) return this.#taken(message, owner);
      } catch (error) {
        this.host.failed(owner, "undeliverable", error);
      }
      // The user may have come meanwhile, and the account may have been read anew for that.
      if (this.#deliverToAll(message, accounts.peek(account.jid) ?? account)) return;
    }
    this.#refuse(message);
  }

  #taken(message: Stanza, owner: string): void {
    const { trace } = this.host;
    if (trace.isActive) trace.stage(message, "undeliverable", owner, "taken");
  }

  #refuse(message: Stanza): void {
    this.host.router.bounce(message, new StanzaError("service-unavailable"));
  }
}

function takesMessages({ presence, priority }: LocalSession): boolean {
  return presence !== undefined && priority >= 0;
}
