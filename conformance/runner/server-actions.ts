// Actions of other servers on streams that they open to the server under test.
import { Connection, TooLate } from "../client/connection.js";
import { openStreamWith } from "../client/log-in.js";
import * as stream from "../client/server-stream.js";
import {
  acceptConnection,
  acceptSecureStream,
  answerProofs,
  featuresFor,
  offer,
  type Host,
} from "../peer/reception.js";
import { serialize, type XmlElement } from "../xml/element.js";
import type { Action, Cue } from "./action.js";
import type { Actor } from "./actor.js";
import { connectTo, wishOf } from "./lines.js";
import type { Stage } from "./stage.js";

export const serverActions: readonly Action[] = [
  [/^federates$/, federates],
  [/^authenticates with EXTERNAL$/, ({ actor, stage }) => proveByCertificate(actor, stage)],
  [/^authenticates by dialback$/, ({ actor, stage }) => proveByDialback(actor, stage)],
  [/^is refused with its certificate$/, isRefusedWithItsCertificate],
];

/** Connects and does what a good server does until its stanzas are welcome. */
async function federates({ actor, stage }: Cue): Promise<void> {
  await connectTo(stage, actor);
  await secure(actor, stage);
  await prove(actor, stage);
}

/** By EXTERNAL or, when that is not offered or has no good certificate, dialback. */
export async function prove(actor: Actor, stage: Stage): Promise<void> {
  const isOffered = actor.features !== undefined && stream.isOfferedExternal(actor.features);
  const isGood = (actor.character.properties.get("certificate") ?? "good") === "good";
  await (isOffered && isGood ? proveByCertificate(actor, stage) : proveByDialback(actor, stage));
}

async function secure(actor: Actor, stage: Stage): Promise<void> {
  actor.features ??= await openSecured(actor, stage);
}

/** Header, STARTTLS and header. Gives the features of the stream in TLS. */
export function openSecured(actor: Actor, stage: Stage): Promise<XmlElement> {
  const onHeader = (header: XmlElement) => stage.opened(actor, header);
  return stream.openSecureServerStream(actor.connection, pairOf(actor, stage), wishOf(stage, actor), onHeader);
}

async function proveByCertificate(actor: Actor, stage: Stage): Promise<void> {
  await secure(actor, stage);
  await stream.authenticateByCertificate(actor.connection, actor.account.domain);
  const header = stream.serverHeader(pairOf(actor, stage));
  actor.features = await openStreamWith(actor.connection, header, (answer) => stage.opened(actor, answer));
  actor.isTrusted = true;
}

/** Refused in TLS, by the end of the stream, or by SASL failure: all of them say that the certificate is not enough. */
async function isRefusedWithItsCertificate({ actor, stage }: Cue): Promise<void> {
  await connectTo(stage, actor);
  const refusal = await proveByCertificate(actor, stage).catch((error: unknown) => error);
  if (refusal === undefined) throw new Error("the server was satisfied with the certificate");
  if (refusal instanceof TooLate) throw refusal;
}

/** Sends a key, and says at the gate that it is valid. A stream that the server opens for asking is kept for who welcomes it. */
async function proveByDialback(actor: Actor, stage: Stage): Promise<void> {
  await secure(actor, stage);
  const { from, to } = pairOf(actor, stage);
  actor.connection.send(`<db:result from='${from}' to='${to}'>a-key-of-${from}</db:result>`);
  await verify(actor, stage);
  const answer = await actor.connection.nextElement();
  if (!isValid(answer)) throw new Error(`dialback: expected that the key is valid, but came ${serialize(answer)}`);
  actor.isTrusted = true;
}

async function verify(actor: Actor, stage: Stage): Promise<void> {
  const host = hostOf(actor, stage);
  const connection = new Connection(stage.patience);
  try {
    await acceptConnection(connection, host, stage.patience);
    await acceptSecureStream(connection, host);
    offer(connection, host.features);
    const isProved = await answerProofs(connection, host, "verified");
    actor.peer?.parked.push({ connection, isProved });
  } catch (error) {
    throw error instanceof TooLate ? new Error(`the key was not verified: ${error.message}`) : error;
  }
}

function isValid({ name, attributes }: XmlElement): boolean {
  return name === "result" && attributes.get("type") === "valid";
}

/** From the peer to the server under test. */
export function pairOf(actor: Actor, stage: Stage): stream.Pair {
  return { from: actor.account.domain, to: stage.domainFor(actor) };
}

/** What the server under test finds at the peer's gate. @throws Error before the scene has begun */
export function hostOf(actor: Actor, stage: Stage): Host {
  if (actor.peer === undefined) throw new Error(`${actor.name} has no gate`);
  const { authority } = stage.federation.world;
  return {
    gate: actor.peer.gate,
    // Whoever is connected to cannot do without one.
    identity: actor.identity ?? authority.issue(actor.account.domain, "self-signed"),
    authority: authority.certificate,
    pair: pairOf(actor, stage),
    features: featuresFor(actor.character.properties.get("accepts")),
  };
}
