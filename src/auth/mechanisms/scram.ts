// The SCRAM exchange (RFC 5802), the same for every hash function and with or without channel binding.
import type { ChannelBindingType } from "../../net/transport.js";
import type { AuthenticationBackend, ScramLookup, Verdict } from "../backend.js";
import type { AccountKey } from "../../storage/records.js";
import type { SaslStep } from "../identity.js";
import { isEqual, type ScramHash } from "../primitives.js";
import { isProofOf, serverSignature } from "../scram-keys.js";
import {
  clientFirst,
  decodeText,
  failure,
  isOwnAuthzid,
  refusal,
  type Mechanism,
  type MechanismContext,
  type Turn,
} from "./mechanism.js";
import {
  parseClientFinal,
  parseClientFirst,
  type BindingFlag,
  type ClientFinal,
  type ClientFirst,
} from "./scram-messages.js";

/** Octets: two names with every octet escaped, a binding of half a KiB, and nonces. */
const LONGEST_MESSAGE = 8192;

/** A name, its hash, and whether it binds the channel: all that tells the family's members apart. */
export function scramMechanism(name: string, hash: ScramHash, bindsChannel: boolean): Mechanism {
  return {
    name,
    bindsChannel,
    isOffered: ({ backend, channelBindings }) =>
      backend.scramKeys !== undefined && (!bindsChannel || channelBindings.length > 0),
    begin: (context) => clientFirst((data) => first({ context, name, hash, bindsChannel }, data)),
  };
}

interface Setting {
  readonly context: MechanismContext;
  readonly name: string;
  readonly hash: ScramHash;
  readonly bindsChannel: boolean;
}

/** What the second half of an exchange has to know of the first. */
interface Opening {
  readonly user: string;
  readonly message: ClientFirst;
  readonly lookup: ScramLookup;
  readonly nonce: string;
  readonly serverFirst: string;
}

async function first(setting: Setting, data: Buffer): Promise<Turn> {
  const { context, hash } = setting;
  const message = parseClientFirst(decodeText(data, LONGEST_MESSAGE) ?? "");
  if (message === undefined) return { step: failure("malformed-request") };
  const objection = bindingObjection(setting, message.binding);
  if (objection !== undefined) return { step: objection };
  // RFC 5802 §5.1: a name that can't be prepared ends the exchange. It can't be anybody's, so this tells nothing.
  const user = context.preparation.localpart(message.user);
  if (user === undefined) return { step: failure("not-authorized") };
  if (!isOwnAuthzid(context, user, message.authzid)) return { step: failure("invalid-authzid") };
  const lookup = await scramKeys(context.backend, user, hash);
  const nonce = message.nonce + context.serverNonce();
  const serverFirst = `r=${nonce},s=${lookup.keys.salt},i=${lookup.keys.iterations}`;
  const opening = { user, message, lookup, nonce, serverFirst };
  return {
    step: { kind: "challenge", data: Buffer.from(serverFirst) },
    next: async (response) => ({ step: await final(setting, opening, response) }),
  };
}

/** RFC 5802 §6. */
function bindingObjection({ context, bindsChannel }: Setting, binding: BindingFlag): SaslStep | undefined {
  if (bindsChannel !== (binding.kind === "used")) {
    return failure("malformed-request", "The channel binding flag does not belong to this mechanism.");
  }
  if (binding.kind === "used" && bindingType(context, binding) === undefined) {
    return failure("not-authorized", "This type of channel binding is not offered.");
  }
  if (binding.kind === "unseen" && context.isPlusOffered) {
    return failure("not-authorized", "Channel binding was offered, but somebody hid it from the client.");
  }
  return undefined;
}

async function final(setting: Setting, opening: Opening, data: Buffer): Promise<SaslStep> {
  const { context, name, hash } = setting;
  const { user, lookup } = opening;
  const message = parseClientFinal(decodeText(data, LONGEST_MESSAGE) ?? "");
  if (message === undefined) return failure("malformed-request");
  if (message.nonce !== opening.nonce || !isBoundTo(context, opening.message, message))
    return failure("not-authorized");
  const authMessage = `${opening.message.bare},${opening.serverFirst},${message.withoutProof}`;
  const account: AccountKey = { host: context.host, user };
  const verdict = await context.throttle.attempt(account, context.channel.remoteAddress, () =>
    judge(setting, opening, authMessage, message.proof),
  );
  if (verdict !== "accepted") return refusal(verdict);
  const signature = serverSignature(context.primitives, hash, lookup.keys, authMessage);
  const identity = { user, mechanism: name, isAnonymous: false };
  return { kind: "success", identity, data: Buffer.from(`v=${signature.toString("base64")}`) };
}

/** `c=` carries the header that the client began with, and the binding of its end of the channel. */
function isBoundTo(context: MechanismContext, { gs2Header, binding }: ClientFirst, message: ClientFinal): boolean {
  const type = bindingType(context, binding);
  const bound = type === undefined ? undefined : context.channel.channelBinding(type);
  return isEqual(message.binding, Buffer.concat([Buffer.from(gs2Header), bound ?? Buffer.alloc(0)]));
}

function bindingType({ channelBindings }: MechanismContext, binding: BindingFlag): ChannelBindingType | undefined {
  return channelBindings.find((type) => binding.kind === "used" && type === binding.type);
}

async function judge(
  { context, hash }: Setting,
  { user, lookup }: Opening,
  authMessage: string,
  proof: Buffer,
): Promise<Verdict> {
  // A decoy's key is as unguessable as a real one, but that alone shall not be what keeps the door shut.
  const isProved = isProofOf(context.primitives, hash, lookup.keys, authMessage, proof);
  if (!isProved || lookup.isDecoy) return "refused";
  // The account may have changed while the client was computing; only its owner gets as far as this second look.
  const now = await scramKeys(context.backend, user, hash, lookup);
  if (now.keys.storedKey !== lookup.keys.storedKey) return "refused";
  return now.isDisabled ? "disabled" : "accepted";
}

function scramKeys(
  backend: AuthenticationBackend,
  user: string,
  hash: ScramHash,
  earlier?: ScramLookup,
): Promise<ScramLookup> {
  if (backend.scramKeys === undefined) throw new TypeError("a SCRAM exchange needs a source of SCRAM keys");
  return backend.scramKeys(user, hash, earlier);
}
