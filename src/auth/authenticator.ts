// Who may log in to a host, and how: the offer of SASL mechanisms and the exchanges, without any XML.
//
// The map of this folder, from the wire inwards:
//
//   identity.ts       the contract with c2s: Authenticator, SaslExchange, SaslStep, Identity
//   authenticator.ts  (here) what is offered on a channel; exchanges begin here and their faults end here
//   mechanisms/       one file a mechanism; scram.ts and scram-messages.ts are what the SCRAM family shares
//   throttle.ts       every check of a password goes through LoginThrottle.attempt(); throttle-limits.ts has the policy
//   backend.ts        where credentials come from: internal-backend.ts today, directories and tokens later
//   decoy.ts          what accounts that don't exist answer with, so that they can't be told from others
//   accounts.ts       create, import, password, disable, delete; tells by events when sessions are to be closed
//   scram-keys.ts, preparation.ts, primitives.ts, slow-work.ts: keys, names and passwords, cryptography off the event loop
//
// A login by SCRAM: parse → prepare the name → authzid → keys or decoys → challenge → nonce, binding → throttle → proof →
// a second look at the account → success with the server's signature. Never is the outcome decided before the proof, so
// that unknown, disabled and bcrypt-only accounts see the same exchange, with the same work done, as others with a wrong
// password. The identity is the name that was prepared at the start; nothing that a client sends later can change it.
import { randomBytes } from "node:crypto";
import type { ChannelBindingType } from "../net/transport.js";
import type { AuthenticationBackend } from "./backend.js";
import type { Authenticator, SaslChannel, SaslExchange, SaslStep } from "./identity.js";
import { MECHANISMS } from "./mechanisms/index.js";
import { failure, type Mechanism, type MechanismContext } from "./mechanisms/mechanism.js";
import type { Preparation } from "./preparation.js";
import type { Primitives } from "./primitives.js";
import type { LoginOptions } from "./section.js";
import { OverloadError } from "./slow-work.js";
import type { Clock, LoginThrottle } from "./throttle.js";

export interface AuthenticatorParts {
  readonly host: string;
  /** Asked anew for each offer, so that reloading needs no more than this. */
  readonly options: () => LoginOptions;
  readonly backend: AuthenticationBackend;
  readonly throttle: LoginThrottle;
  readonly preparation: Preparation;
  readonly primitives: Primitives;
  readonly clock: Clock;
  /** Hears of what went wrong inside (storage, a directory); the client hears `temporary-auth-failure`. */
  readonly onFault: (error: unknown) => void;
  /** For tests; otherwise 144 random bits. */
  readonly serverNonce?: () => string;
}

/** In the order of preference; XEP-0440 §3 wants tls-server-end-point wherever there is a certificate. */
const BINDING_TYPES: readonly ChannelBindingType[] = ["tls-exporter", "tls-server-end-point"];

export function createAuthenticator(parts: AuthenticatorParts): Authenticator {
  const offered = (channel: SaslChannel) => offer(parts, channel).mechanisms;
  return {
    mechanisms: (channel) => offered(channel).map(({ name }) => name),
    channelBindings: (channel) =>
      offered(channel).some(({ bindsChannel }) => bindsChannel) ? bindingsOf(channel) : [],
    begin: (name, channel) => {
      const { mechanisms, context } = offer(parts, channel);
      const mechanism = mechanisms.find((candidate) => candidate.name === name);
      return mechanism && contained(mechanism.begin(context), parts.onFault);
    },
  };
}

interface Offer {
  readonly mechanisms: readonly Mechanism[];
  readonly context: MechanismContext;
}

function offer(parts: AuthenticatorParts, channel: SaslChannel): Offer {
  const options = parts.options();
  const allowed = MECHANISMS.filter(({ name }) => options.mechanisms.includes(name));
  const channelBindings = bindingsOf(channel);
  const context: MechanismContext = {
    ...parts,
    channel,
    channelBindings,
    isPlusOffered: channelBindings.length > 0 && allowed.some(({ bindsChannel }) => bindsChannel),
    isAnonymousAllowed: options.anonymous,
    serverNonce: parts.serverNonce ?? (() => randomBytes(18).toString("base64")),
  };
  return { mechanisms: allowed.filter((mechanism) => mechanism.isOffered(context)), context };
}

function bindingsOf(channel: SaslChannel): readonly ChannelBindingType[] {
  return BINDING_TYPES.filter((type) => channel.channelBinding(type) !== undefined);
}

/** RFC 6120 §6.5.11: a failure of ours is no verdict about the client. */
function contained(exchange: SaslExchange, onFault: (error: unknown) => void): SaslExchange {
  const contain = async (step: () => Promise<SaslStep>): Promise<SaslStep> => {
    try {
      return await step();
    } catch (error) {
      // Overload is the expected answer to a flood, not a fault to be logged for each of its attempts.
      if (!(error instanceof OverloadError)) onFault(error);
      return failure("temporary-auth-failure");
    }
  };
  return {
    start: (initial) => contain(() => exchange.start(initial)),
    respond: (response) => contain(() => exchange.respond(response)),
  };
}
