// The subscription state machine as a pure function: RFC 6121 appendix A, tables A.2 (outbound) and A.3 (inbound).
import type { Subscription } from "../storage/records.js";

export type SubscriptionType = "subscribe" | "subscribed" | "unsubscribe" | "unsubscribed";

/** One side's view of one contact. The nine states of appendix A.1 are the combinations, pre-approval beside them. */
export interface SubscriptionState {
  readonly subscription: Subscription;
  /** "Pending Out": we asked. */
  readonly isAsking: boolean;
  /** "Pending In": the contact asked, our user has not answered. */
  readonly isAsked: boolean;
  /** We said yes before the contact asked (§3.4). */
  readonly isApproved: boolean;
}

export interface Transition {
  readonly state: SubscriptionState;
  /** Outbound: route to the contact. Inbound: deliver to the user. */
  readonly passes: boolean;
  /** Inbound subscribe that needs no question: answer <subscribed/> on the user's behalf. */
  readonly autoReply: boolean;
}

export const noSubscription: SubscriptionState = {
  subscription: "none",
  isAsking: false,
  isAsked: false,
  isApproved: false,
};

/** Appendix A.2: what our user's stanza does to our state. */
export function outbound(state: SubscriptionState, type: SubscriptionType): Transition {
  switch (type) {
    case "subscribe": // A.2.1: always routed; asks unless we are subscribed already
      return pass({ ...state, isAsking: state.isAsking || !seesContact(state) });
    case "unsubscribe": // A.2.2
      return seesContact(state) || state.isAsking
        ? pass({ ...state, subscription: without(state.subscription, "to"), isAsking: false })
        : pass(state);
    case "subscribed": // A.2.3; without a request it is a pre-approval (§3.4.2), which is not routed
      if (state.isAsked) return pass({ ...state, subscription: plus(state.subscription, "from"), isAsked: false });
      return seenByContact(state) ? stop(state) : stop({ ...state, isApproved: true });
    case "unsubscribed": // A.2.4; it takes a pre-approval back as well (§3.4.2)
      return seenByContact(state) || state.isAsked
        ? pass({ ...state, subscription: without(state.subscription, "from"), isAsked: false, isApproved: false })
        : stop({ ...state, isApproved: false });
  }
}

/** Appendix A.3: what the contact's stanza does to our state. */
export function inbound(state: SubscriptionState, type: SubscriptionType): Transition {
  switch (type) {
    case "subscribe": // A.3.1
      if (seenByContact(state)) return { state, passes: false, autoReply: true };
      if (!state.isApproved) return { state: { ...state, isAsked: true }, passes: !state.isAsked, autoReply: false };
      return { state: { ...state, subscription: plus(state.subscription, "from") }, passes: false, autoReply: true };
    case "unsubscribe": // A.3.2
      return seenByContact(state) || state.isAsked
        ? pass({ ...state, subscription: without(state.subscription, "from"), isAsked: false })
        : stop(state);
    case "subscribed": // A.3.3: only an answer to our question counts
      return state.isAsking
        ? pass({ ...state, subscription: plus(state.subscription, "to"), isAsking: false })
        : stop(state);
    case "unsubscribed": // A.3.4
      return seesContact(state) || state.isAsking
        ? pass({ ...state, subscription: without(state.subscription, "to"), isAsking: false })
        : stop(state);
  }
}

/** Whether both stand for the same roster item: "Pending In" is none of its attributes. */
export function isSameItem(one: SubscriptionState, other: SubscriptionState): boolean {
  return (
    one.subscription === other.subscription && one.isAsking === other.isAsking && one.isApproved === other.isApproved
  );
}

export function seesContact({ subscription }: SubscriptionState): boolean {
  return subscription === "to" || subscription === "both";
}

export function seenByContact({ subscription }: SubscriptionState): boolean {
  return subscription === "from" || subscription === "both";
}

function pass(state: SubscriptionState): Transition {
  return { state, passes: true, autoReply: false };
}

function stop(state: SubscriptionState): Transition {
  return { state, passes: false, autoReply: false };
}

function plus(subscription: Subscription, direction: "to" | "from"): Subscription {
  return subscription === "none" || subscription === direction ? direction : "both";
}

function without(subscription: Subscription, direction: "to" | "from"): Subscription {
  if (subscription === "both") return direction === "to" ? "from" : "to";
  return subscription === direction ? "none" : subscription;
}
