// Presence subscriptions (RFC 6121 §3): what users and contacts say, the roster changes that follow, and who is told.
import type { Jid } from "../jid/jid.js";
import type { LocalAccount } from "../routing/local-account.js";
import type { LocalHost } from "../routing/local-host.js";
import type { LocalSession } from "../routing/local-session.js";
import { buildStanza } from "../stanza/build.js";
import { parseStanza } from "../stanza/parse-stanza.js";
import { StanzaError } from "../stanza/stanza-error.js";
import type { Stanza } from "../stanza/stanza.js";
import type { Rosters } from "./rosters.js";
import {
  inbound,
  isSameItem,
  noSubscription,
  outbound,
  seenByContact,
  seesContact,
  type SubscriptionState,
  type SubscriptionType,
} from "./subscription-state.js";

export function isSubscriptionType(type: string | undefined): type is SubscriptionType {
  return type === "subscribe" || type === "subscribed" || type === "unsubscribe" || type === "unsubscribed";
}

/** Requests from strangers that an account keeps; more are dropped. */
const mostRequests = 1000;
/** Longest request (characters) that is kept whole; a longer one is kept without what it says. */
const longestRequest = 4_000;

export class Subscriptions {
  constructor(
    private readonly host: LocalHost,
    private readonly rosters: Rosters,
  ) {}

  /** A user's own step. Stamped with the bare JID and sent to the contact's bare JID (§3.1.2). */
  submit(presence: Stanza, type: SubscriptionType, account: LocalAccount): void {
    const contact = (presence.to as Jid).bare;
    if (contact === account.jid || !account.isStored) return this.#refuse(presence, "not-allowed");
    const before = stateOf(account, contact);
    const { state, passes } = outbound(before, type);
    const needsItem = !isSameItem(before, state) && !account.roster.has(contact);
    if (needsItem && this.rosters.isFull(account)) return this.#refuse(presence, "not-acceptable");
    // §3.2.2: "while the user is still subscribed"
    this.#hideIfLost(account, contact, before, state);
    this.#change(account, contact, before, state);
    if (passes) this.host.router.route(presence.readdressed(contact, account.jid));
    if (!seenByContact(before) && seenByContact(state)) this.host.presences.tellAll(account, contact);
  }

  /**
   * A contact's step. An <unsubscribe/> is not answered with <unsubscribed/>, as table 7 suggests: it changes nothing for
   * who has left, but would take back the request of who asks again at once.
   */
  receive(presence: Stanza, type: SubscriptionType, account: LocalAccount): void {
    const contact = (presence.from as Jid).bare;
    if (contact === account.jid || !account.isStored) return;
    const before = stateOf(account, contact);
    const { state, passes, autoReply } = inbound(before, type);
    const step = presence.readdressed(account.jid, contact);
    if (state.isAsked && !before.isAsked && !this.#keepRequest(account, contact, step)) return;
    this.#change(account, contact, before, state);
    const { custody } = this.host.router;
    if (custody.isTaken) custody.until(this.rosters.stored());
    if (passes) deliverStep(step, type, account);
    this.#hideIfLost(account, contact, before, state);
    if (!autoReply) return;
    // Presence follows for old subscribers, too: whoever asks has lost what was known of us.
    this.#answer(account, contact, "subscribed");
    this.host.presences.tellAll(account, contact);
  }

  /** §3.1.3: requests without an answer are delivered again at each login. */
  remind(session: LocalSession): void {
    for (const stanza of session.account.roster.requests.values()) session.send(parseStanza(stanza));
  }

  /** §3.1.2: asks again those who have not answered, for the first request may have been lost on its way. */
  askAgain(account: LocalAccount): void {
    for (const contact of account.roster.asked) this.#answer(account, contact, "subscribe");
  }

  /** Takes the contact out of the roster (§2.5.2): both directions end. Resolves once that is stored. */
  async remove(account: LocalAccount, contact: Jid): Promise<void> {
    const state = stateOf(account, contact);
    const removal = this.rosters.remove(account, contact);
    if (state.isAsked) this.rosters.dropRequest(account, contact);
    this.#end(account, contact, state);
    await removal;
  }

  /** The account is gone with all that was stored: whoever had to do with it is told (XEP-0077 §3.2). */
  endAll(account: LocalAccount): void {
    const { roster } = account;
    for (const contact of new Set([...roster.items.map(({ jid }) => jid), ...roster.requests.keys()])) {
      const state = stateOf(account, contact);
      roster.remove(contact);
      roster.removeRequest(contact);
      this.#end(account, contact, state);
    }
  }

  #end(account: LocalAccount, contact: Jid, state: SubscriptionState): void {
    this.#hideIfLost(account, contact, state, noSubscription);
    if (seesContact(state) || state.isAsking) this.#answer(account, contact, "unsubscribe");
    if (seenByContact(state) || state.isAsked) this.#answer(account, contact, "unsubscribed");
  }

  #change(account: LocalAccount, contact: Jid, before: SubscriptionState, after: SubscriptionState): void {
    if (before.isAsked && !after.isAsked) this.rosters.dropRequest(account, contact);
    if (!isSameItem(before, after)) this.rosters.setSubscription(account, contact, after);
  }

  #keepRequest(account: LocalAccount, contact: Jid, request: Stanza): boolean {
    if (account.roster.requests.size >= mostRequests) return false;
    const bare = buildStanza("presence", { from: contact, to: account.jid, type: "subscribe", id: request.id });
    const kept = request.body.content.length > longestRequest ? bare : request;
    this.rosters.keepRequest(account, contact, kept);
    return true;
  }

  #answer(account: LocalAccount, contact: Jid, type: SubscriptionType): void {
    this.host.router.route(buildStanza("presence", { from: account.jid, to: contact, type }));
  }

  #hideIfLost(account: LocalAccount, contact: Jid, before: SubscriptionState, after: SubscriptionState): void {
    if (seenByContact(before) && !seenByContact(after)) this.host.presences.hideAll(account, contact);
  }

  #refuse(presence: Stanza, condition: "not-allowed" | "not-acceptable"): void {
    this.host.router.bounce(presence, new StanzaError(condition));
  }
}

/** §3.1.3: a request goes to all available resources; §3.1.6, §3.2.3, §3.3.3: the rest to all interested ones. */
function deliverStep(presence: Stanza, type: SubscriptionType, account: LocalAccount): void {
  for (const session of account.sessions) {
    if (type === "subscribe" ? session.presence !== undefined : session.isInterested) session.deliver(presence);
  }
}

function stateOf(account: LocalAccount, contact: Jid): SubscriptionState {
  const item = account.roster.get(contact);
  const isAsked = account.roster.requests.has(contact);
  return item === undefined ? { ...noSubscription, isAsked } : { ...item, isAsked };
}
