// What a SASL mechanism is to the server, and what it gets to work with.
import type { ChannelBindingType } from "../../net/transport.js";
import type { AuthenticationBackend, Verdict } from "../backend.js";
import type { SaslChannel, SaslCondition, SaslExchange, SaslStep } from "../identity.js";
import type { Preparation } from "../preparation.js";
import type { Primitives } from "../primitives.js";
import type { Clock, LoginThrottle } from "../throttle.js";

/** A host, seen from one channel to it. */
export interface MechanismContext {
  readonly host: string;
  readonly channel: SaslChannel;
  readonly backend: AuthenticationBackend;
  readonly throttle: LoginThrottle;
  readonly preparation: Preparation;
  readonly primitives: Primitives;
  readonly clock: Clock;
  /** Binding types that this channel can give and that are announced on it. */
  readonly channelBindings: readonly ChannelBindingType[];
  /** Whether a client that can do channel binding must know that we can: RFC 5802 §6. */
  readonly isPlusOffered: boolean;
  readonly isAnonymousAllowed: boolean;
  /** A fresh unguessable string of the printable characters that RFC 5802 §7 has for nonces. */
  readonly serverNonce: () => string;
}

export interface Mechanism {
  /** The registered name. */
  readonly name: string;
  /** -PLUS mechanisms go with an announcement of binding types (XEP-0440). */
  readonly bindsChannel: boolean;
  isOffered(context: MechanismContext): boolean;
  begin(context: MechanismContext): SaslExchange;
}

/** Ends an exchange without success (RFC 6120 §6.5). */
export function failure(condition: SaslCondition, text?: string): SaslStep {
  return text === undefined ? { kind: "failure", condition } : { kind: "failure", condition, text };
}

/** What a client hears whose password did not get it in. */
export function refusal(verdict: Exclude<Verdict, "accepted"> | "throttled"): SaslStep {
  if (verdict === "disabled") return failure("account-disabled");
  return verdict === "refused"
    ? failure("not-authorized")
    : failure("temporary-auth-failure", "Too many failed logins; try again later.");
}

/** The step after the one that was just made: what to do with the client's next data, or the end. */
export interface Turn {
  readonly step: SaslStep;
  readonly next?: (data: Buffer) => Promise<Turn>;
}

/**
 * An exchange in which the client speaks first. Without initial data it is asked for them by an empty challenge (RFC
 * 4422 §5.1). Whatever comes out of turn ends the exchange.
 */
export function clientFirst(first: (data: Buffer) => Promise<Turn>): SaslExchange {
  let hasStarted = false;
  let next: Turn["next"];
  const respond = async (data: Buffer): Promise<SaslStep> => {
    const handle = next;
    next = undefined;
    if (handle === undefined) return failure("malformed-request", "Nothing was asked.");
    const turn = await handle(data);
    next = turn.next;
    return turn.step;
  };
  const start = async (initial: Buffer | undefined): Promise<SaslStep> => {
    if (hasStarted) return failure("malformed-request", "This exchange has begun already.");
    hasStarted = true;
    next = first;
    return initial === undefined ? { kind: "challenge", data: Buffer.alloc(0) } : respond(initial);
  };
  return { start, respond };
}

/** Without `stream` each call stands for itself, so one serves all. */
const UTF_8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Strict UTF-8 of at most `limit` octets, else undefined. */
export function decodeText(data: Buffer, limit: number): string | undefined {
  if (data.length > limit) return undefined;
  try {
    return UTF_8.decode(data);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/**
 * Whether an authorization identity is the authenticated account's own: its bare JID (RFC 6120 §6.3.8), or the bare user
 * name, which some libraries repeat there. "" stands for none.
 */
export function isOwnAuthzid(context: MechanismContext, user: string, authzid: string): boolean {
  if (authzid === "") return true;
  const named = context.preparation.bareJid(authzid);
  if (named === undefined) return context.preparation.localpart(authzid) === user;
  return named.host === context.host && named.user === user;
}
