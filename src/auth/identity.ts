// What authentication asks of its surroundings and gives back.
import type { ChannelBindingType } from "../net/transport.js";
import type { PeerCertificate } from "node:tls";

/** Who proved to be whom. `user` is a prepared localpart; for ANONYMOUS a fresh unguessable one. */
export interface Identity {
  readonly user: string;
  readonly mechanism: string;
  readonly isAnonymous: boolean;
}

/** The connection under an exchange, as far as SASL cares. */
export interface SaslChannel {
  /** Encrypted, or declared as good as that by the operator: PLAIN may be offered. */
  readonly isSecure: boolean;
  readonly remoteAddress: string;
  channelBinding(type: ChannelBindingType): Buffer | undefined;
  clientCertificate(): PeerCertificate | undefined;
}

/** Conditions of RFC 6120 §6.5. */
export type SaslCondition =
  | "aborted"
  | "account-disabled"
  | "credentials-expired"
  | "encryption-required"
  | "incorrect-encoding"
  | "invalid-authzid"
  | "invalid-mechanism"
  | "malformed-request"
  | "mechanism-too-weak"
  | "not-authorized"
  | "temporary-auth-failure";

/** What the server says next in an exchange. */
export type SaslStep =
  | { readonly kind: "challenge"; readonly data: Buffer }
  | { readonly kind: "success"; readonly identity: Identity; readonly data: Buffer | undefined }
  | { readonly kind: "failure"; readonly condition: SaslCondition; readonly text?: string };

/** One run of one mechanism. `undefined` initial data means that none was sent (RFC 6120 §6.4.2). */
export interface SaslExchange {
  start(initial: Buffer | undefined): Promise<SaslStep>;
  respond(response: Buffer): Promise<SaslStep>;
}

/** What a host offers on a channel; the same for classic SASL and, later, for SASL2. */
export interface Authenticator {
  /** Mechanisms to offer on this channel, strongest first. */
  mechanisms(channel: SaslChannel): readonly string[];
  /** Channel binding types to announce (XEP-0440); empty when no -PLUS is offered. */
  channelBindings(channel: SaslChannel): readonly ChannelBindingType[];
  /** Undefined for a mechanism that is not offered on this channel: <invalid-mechanism/>. */
  begin(mechanism: string, channel: SaslChannel): SaslExchange | undefined;
}
