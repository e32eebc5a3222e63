// Stanza errors (RFC 6120 §8.3): the condition catalogue, and the exception that refuses a stanza.

/** RFC 6120 §8.3.3: each condition with the error type that goes with it unless the thrower says otherwise. */
const types = {
  "bad-request": "modify",
  conflict: "cancel",
  "feature-not-implemented": "cancel",
  forbidden: "auth",
  gone: "cancel",
  "internal-server-error": "cancel",
  "item-not-found": "cancel",
  "jid-malformed": "modify",
  "not-acceptable": "modify",
  "not-allowed": "cancel",
  "not-authorized": "auth",
  "policy-violation": "modify",
  "recipient-unavailable": "wait",
  redirect: "modify",
  "registration-required": "auth",
  "remote-server-not-found": "cancel",
  "remote-server-timeout": "wait",
  "resource-constraint": "wait",
  "service-unavailable": "cancel",
  "subscription-required": "auth",
  "undefined-condition": "modify",
  "unexpected-request": "wait",
} as const;

export type StanzaCondition = keyof typeof types;
export type StanzaErrorType = "auth" | "cancel" | "continue" | "modify" | "wait";

export interface StanzaErrorDetails {
  /** Overrides the type that the catalogue gives. */
  readonly type?: StanzaErrorType;
  /** Plain words for a person. */
  readonly text?: string;
  /** An application-specific condition, as XML (RFC 6120 §8.3.4). */
  readonly application?: string;
}

/** Thrown to refuse a stanza; core answers it with the error, or ignores it where answering is forbidden. */
export class StanzaError extends Error {
  readonly type: StanzaErrorType;

  constructor(
    readonly condition: StanzaCondition,
    readonly details: StanzaErrorDetails = {},
  ) {
    super(details.text ?? condition);
    this.name = "StanzaError";
    this.type = details.type ?? types[condition];
  }

  static isCondition(name: string): name is StanzaCondition {
    return Object.hasOwn(types, name);
  }
}
