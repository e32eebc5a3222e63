// Presence for an account, or for nobody: who sees to it.
import type { LocalAccount } from "../routing/local-account.js";
import type { LocalHost } from "../routing/local-host.js";
import type { Stanza } from "../stanza/stanza.js";
import { answerProbe, refuseProbe } from "./probes.js";
import { isSubscriptionType } from "./subscriptions.js";

/** RFC 6121 §8.5. `account` is undefined when there is none (§8.5.1): then only a probe is answered. */
export function receivePresence(host: LocalHost, presence: Stanza, account: LocalAccount | undefined): void {
  const { to, type } = presence;
  if (account === undefined) {
    if (type === "probe") refuseProbe(host, presence);
  } else if (type === "probe") answerProbe(host, presence, account);
  else if (!isSubscriptionType(type)) host.presences.receive(presence, account);
  // §8.5.3.2.2: to a resource that is not there, all but a request is ignored
  else if (type === "subscribe" || to?.isBare !== false || account.session(to) !== undefined) {
    host.subscriptions.receive(presence, type, account);
  }
}
