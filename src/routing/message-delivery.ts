// RFC 6121 §8.5: which sessions of an account get a message, and what happens when none does.
import { StanzaError } from "../stanza/stanza-error.js";
import type { Stanza } from "../stanza/stanza.js";
import type { LocalAccount } from "./local-account.js";
import type { LocalHost } from "./local-host.js";

/** Delivers a message that has passed the incoming stages. */
export function deliverMessage(host: LocalHost, message: Stanza, account: LocalAccount): void {
  if (message.to?.isBare === false) deliverToResource(host, message, account);
  else deliverToAccount(host, message, account);
}

/** A session went away with this message unsent. One to the bare JID has reached the other sessions already. */
export function redeliverMessage(host: LocalHost, message: Stanza, account: LocalAccount): void {
  const isElsewhere = account.sessions.some(({ presence, priority }) => presence !== undefined && priority >= 0);
  if (isElsewhere && message.to?.isBare !== false) return;
  if (message.type === undefined || message.type === "normal") deliverToAccount(host, message, account);
  else deliverMessage(host, message, account);
}

/** §8.5.3: addressed to a full JID. */
function deliverToResource(host: LocalHost, message: Stanza, account: LocalAccount): void {
  const session = message.to === undefined ? undefined : account.session(message.to);
  if (session !== undefined) return session.deliver(message);
  // §8.5.3.2.1: only a chat message may go to the account's other resources instead.
  if (message.type === "chat") return deliverToAccount(host, message, account);
  host.router.bounce(message, new StanzaError("service-unavailable"));
}

/** §8.5.2: addressed to the bare JID, or treated so. */
function deliverToAccount(host: LocalHost, message: Stanza, account: LocalAccount): void {
  const { type } = message;
  if (type === "error") return; // §8.5.2.1.1: "silently ignore"
  if (type === "groupchat") return host.router.bounce(message, new StanzaError("service-unavailable"));
  // §8.5.2.1.1: to all resources of non-negative priority; those of negative priority never.
  let isDelivered = false;
  for (const session of account.sessions) {
    if (session.presence === undefined || session.priority < 0) continue;
    session.deliver(message);
    isDelivered = true;
  }
  // §8.5.2.2.1: a headline for nobody is dropped, all else is stored or refused.
  if (isDelivered || type === "headline") return;
  storeOrRefuse(host, message, account).catch((error: unknown) => host.failed("core", "undeliverable", error));
}

/** Offers the message to those who take what can't be delivered (offline storage, push). */
async function storeOrRefuse(host: LocalHost, message: Stanza, account: LocalAccount): Promise<void> {
  for (const { owner, handler } of host.undeliverable) {
    try {
      if (await handler(message, account)) return;
    } catch (error) {
      host.failed(owner, "undeliverable", error);
    }
  }
  host.router.bounce(message, new StanzaError("service-unavailable"));
}
