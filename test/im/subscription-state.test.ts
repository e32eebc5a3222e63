// RFC 6121, appendix A: every state × every stanza, as the tables have it.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  inbound,
  outbound,
  type SubscriptionState,
  type SubscriptionType,
  type Transition,
} from "../../src/im/subscription-state.js";
import type { Subscription } from "../../src/storage/records.js";

/** Appendix A.1. */
const states = {
  None: stateOf("none"),
  "None + Pending Out": stateOf("none", "out"),
  "None + Pending In": stateOf("none", "in"),
  "None + Pending Out+In": stateOf("none", "out", "in"),
  To: stateOf("to"),
  "To + Pending In": stateOf("to", "in"),
  From: stateOf("from"),
  "From + Pending Out": stateOf("from", "out"),
  Both: stateOf("both"),
};
type Name = keyof typeof states;

/** For each state: the new one ("" where it stays), and whether the stanza is routed or delivered. */
type Table = Readonly<Record<Name, readonly [isPassed: boolean, next: Name | "approved" | ""]>>;

const outboundTables: Readonly<Record<SubscriptionType, Table>> = {
  // Table 2
  subscribe: {
    None: [true, "None + Pending Out"],
    "None + Pending Out": [true, ""],
    "None + Pending In": [true, "None + Pending Out+In"],
    "None + Pending Out+In": [true, ""],
    To: [true, ""],
    "To + Pending In": [true, ""],
    From: [true, "From + Pending Out"],
    "From + Pending Out": [true, ""],
    Both: [true, ""],
  },
  // Table 3
  unsubscribe: {
    None: [true, ""],
    "None + Pending Out": [true, "None"],
    "None + Pending In": [true, ""],
    "None + Pending Out+In": [true, "None + Pending In"],
    To: [true, "None"],
    "To + Pending In": [true, "None + Pending In"],
    From: [true, ""],
    "From + Pending Out": [true, "From"],
    Both: [true, "From"],
  },
  // Table 4
  subscribed: {
    None: [false, "approved"],
    "None + Pending Out": [false, "approved"],
    "None + Pending In": [true, "From"],
    "None + Pending Out+In": [true, "From + Pending Out"],
    To: [false, "approved"],
    "To + Pending In": [true, "Both"],
    From: [false, ""],
    "From + Pending Out": [false, ""],
    Both: [false, ""],
  },
  // Table 5
  unsubscribed: {
    None: [false, ""],
    "None + Pending Out": [false, ""],
    "None + Pending In": [true, "None"],
    "None + Pending Out+In": [true, "None + Pending Out"],
    To: [false, ""],
    "To + Pending In": [true, "To"],
    From: [true, "None"],
    "From + Pending Out": [true, "None + Pending Out"],
    Both: [true, "To"],
  },
};

const inboundTables: Readonly<Record<SubscriptionType, Table>> = {
  // Table 6
  subscribe: {
    None: [true, "None + Pending In"],
    "None + Pending Out": [true, "None + Pending Out+In"],
    "None + Pending In": [false, ""],
    "None + Pending Out+In": [false, ""],
    To: [true, "To + Pending In"],
    "To + Pending In": [false, ""],
    From: [false, ""],
    "From + Pending Out": [false, ""],
    Both: [false, ""],
  },
  // Table 7
  unsubscribe: {
    None: [false, ""],
    "None + Pending Out": [false, ""],
    "None + Pending In": [true, "None"],
    "None + Pending Out+In": [true, "None + Pending Out"],
    To: [false, ""],
    "To + Pending In": [true, "To"],
    From: [true, "None"],
    "From + Pending Out": [true, "None + Pending Out"],
    Both: [true, "To"],
  },
  // Table 8
  subscribed: {
    None: [false, ""],
    "None + Pending Out": [true, "To"],
    "None + Pending In": [false, ""],
    "None + Pending Out+In": [true, "To + Pending In"],
    To: [false, ""],
    "To + Pending In": [false, ""],
    From: [false, ""],
    "From + Pending Out": [true, "Both"],
    Both: [false, ""],
  },
  // Table 9
  unsubscribed: {
    None: [false, ""],
    "None + Pending Out": [true, "None"],
    "None + Pending In": [false, ""],
    "None + Pending Out+In": [true, "None + Pending In"],
    To: [true, "None"],
    "To + Pending In": [true, "None + Pending In"],
    From: [false, ""],
    "From + Pending Out": [true, "From"],
    Both: [true, "From"],
  },
};

test("appendix A.2: what our user sends changes our state and is routed as the tables say", () => {
  check(outbound, outboundTables);
});

test("appendix A.3: what the contact sends changes our state and is delivered as the tables say", () => {
  check(inbound, inboundTables);
});

test("a subscriber who asks again is told yes, and nobody else is (A.3.1, note 2)", () => {
  for (const [name, state] of Object.entries(states)) {
    const isSubscriber = state.subscription === "from" || state.subscription === "both";
    assert.equal(inbound(state, "subscribe").autoReply, isSubscriber, name);
    for (const type of ["unsubscribe", "subscribed", "unsubscribed"] as const) {
      assert.equal(inbound(state, type).autoReply, false, `${type} in ${name}`);
    }
  }
});

test("who was approved before they asked is told yes without a question (§3.4.2)", () => {
  for (const name of ["None", "None + Pending Out", "To"] as const) {
    const approved = { ...states[name], isApproved: true };
    const subscription = name === "To" ? "both" : "from";
    const state = { ...approved, subscription };
    assert.deepEqual(inbound(approved, "subscribe"), { state, passes: false, autoReply: true }, name);
  }
});

test("<unsubscribed/> takes an approval back, and is not routed for that (§3.2.2)", () => {
  for (const name of ["None", "None + Pending Out", "To"] as const) {
    const approved = { ...states[name], isApproved: true };
    assert.deepEqual(outbound(approved, "unsubscribed"), { state: states[name], passes: false, autoReply: false });
  }
});

test("an approval outlives the subscription that it led to, until it is taken back (§3.4.2)", () => {
  const approved = { ...states.From, isApproved: true };
  assert.equal(inbound(approved, "unsubscribe").state.isApproved, true);
  assert.equal(outbound(approved, "unsubscribed").state.isApproved, false);
});

function check(
  transition: (state: SubscriptionState, type: SubscriptionType) => Transition,
  tables: Readonly<Record<SubscriptionType, Table>>,
): void {
  for (const [type, table] of Object.entries(tables) as [SubscriptionType, Table][]) {
    for (const [name, [isPassed, next]] of Object.entries(table) as [Name, Table[Name]][]) {
      const before = states[name];
      const expected = next === "" ? before : next === "approved" ? { ...before, isApproved: true } : states[next];
      const { state, passes } = transition(before, type);
      assert.deepEqual({ state, passes }, { state: expected, passes: isPassed }, `${type} in ${name}`);
    }
  }
}

function stateOf(subscription: Subscription, ...pending: readonly ("in" | "out")[]): SubscriptionState {
  const [isAsking, isAsked] = [pending.includes("out"), pending.includes("in")];
  return { subscription, isAsking, isAsked, isApproved: false };
}
