// Presence subscriptions (RFC 6121 §3): what users and contacts say, the roster changes that follow, and who is told.
import type { Jid } from "../jid/jid.js";
import type { LocalAccount } from "../routing/local-account.js";
import type { LocalHost } from "../routing/local-host.js";
import type { LocalSession } from "../routing/local-session.js";
import { buildStanza } from "../stanza/build.js";
import { StanzaError } from "../stanza/stanza-error.js";
import type { Stanza } from "../stanza/stanza.js";
import type { Rosters } from "./rosters.js";
import {
  inbound,
  noSubscription,
  outbound,
  seenByContact,
  type SubscriptionState,
  type SubscriptionType,
} from "./subscription-state.js";

export function isSubscriptionType(type: string | undefined): type is SubscriptionType {
  return type === "subscribe" || type === "subscribed" || type === "unsubscribe" || type === "unsubscribed";
}

/** Requests from strangers that an account keeps; more are dropped. */
const mostRequests = 1000;
/** Longest request that is kept whole; a longer one is kept without what it says. */
const longestRequest = 10_000;

export class Subscriptions {
  constructor(
    private readonly host: LocalHost,
    private readonly rosters: Rosters,
  ) {}

  /** A user's own step. Stamped with the bare JID and sent to the contact's bare JID (§3.1.2). */
  submit(presence: Stanza, type: SubscriptionType, account: LocalAccount): void {
    const contact = (presence.to as Jid).bare;
    if (contact === account.jid) return this.#refuse(presence, "not-allowed");
    const before = stateOf(account, contact);
    const { state, passes } = outbound(before, type);
    if (!this.#isRoomFor(account, contact, before, state)) return this.#refuse(presence, "not-acceptable");
    this.#change(account, contact, before, state);
    if (passes) this.host.router.route(presence.readdressed(contact, account.jid));
    this.#showOrHide(account, contact, before, state);
  }

  /** A contact's step. */
  receive(presence: Stanza, type: SubscriptionType, account: LocalAccount): void {
    const contact = (presence.from as Jid).bare;
    if (contact === account.jid) return;
    const before = stateOf(account, contact);
    const { state, passes, autoReply } = inbound(before, type);
    const request = presence.readdressed(account.jid, contact);
    if (state.isAsked && !before.isAsked && !this.#keepRequest(account, contact, request)) return;
    this.#change(account, contact, before, state);
    if (passes) deliverStep(request, type, account);
    if (autoReply) this.#answer(account, contact, "subscribed");
    this.#showOrHide(account, contact, before, state);
  }

  /** §3.1.3: requests without an answer are delivered again at each login. */
  remind(session: LocalSession): void {
    for (const [contact, stanza] of session.account.roster.requests) {
      session.send(this.rosters.requestFrom(stanza, contact, session.account.jid));
    }
  }

  /** A contact is taken out of the roster (§2.5.2): both directions end. */
  end(account: LocalAccount, contact: Jid): void {
    const state = stateOf(account, contact);
    if (state.isAsking || state.subscription === "to" || state.subscription === "both") {
      this.#answer(account, contact, "unsubscribe");
    }
    if (state.isAsked || seenByContact(state)) this.#answer(account, contact, "unsubscribed");
    if (seenByContact(state)) this.host.presences.hideAll(account, contact);
    if (state.isAsked) this.rosters.dropRequest(account, contact);
  }

  #change(account: LocalAccount, contact: Jid, before: SubscriptionState, after: SubscriptionState): void {
    if (before.isAsked && !after.isAsked) this.rosters.dropRequest(account, contact);
    const isSame =
      before.subscription === after.subscription &&
      before.isAsking === after.isAsking &&
      before.isApproved === after.isApproved;
    if (!isSame) this.rosters.setSubscription(account, contact, after);
  }

  #isRoomFor(account: LocalAccount, contact: Jid, before: SubscriptionState, after: SubscriptionState): boolean {
    return before === after || account.roster.has(contact) || !this.rosters.isFull(account);
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

  #showOrHide(account: LocalAccount, contact: Jid, before: SubscriptionState, after: SubscriptionState): void {
    if (!seenByContact(before) && seenByContact(after)) this.host.presences.tellAll(account, contact);
    if (seenByContact(before) && !seenByContact(after)) this.host.presences.hideAll(account, contact);
  }

  #refuse(presence: Stanza, condition: "not-allowed" | "not-acceptable"): void {
    this.host.router.bounce(presence, new StanzaError(condition));
  }
}

/** §3.1.3: a request goes to all available resources; §3.1.6, §3.2.3, §3.3.3: the rest to all interested ones. */
function deliverStep(presence: Stanza, type: SubscriptionType, account: LocalAccount): void {
  for (const session of account.sessions) {
    if (type === "subscribe" ? session.presence !== undefined : session.isInterested) session.send(presence);
  }
}

function stateOf(account: LocalAccount, contact: Jid): SubscriptionState {
  const item = account.roster.get(contact);
  const isAsked = account.roster.requests.has(contact);
  return item === undefined ? { ...noSubscription, isAsked } : { ...item, isAsked };
}
