// Actions of other servers on streams that the server under test opens to them.
import { X509Certificate } from "node:crypto";
import { describe } from "../client/connection.js";
import * as reception from "../peer/reception.js";
import { NS } from "../xml/element.js";
import type { StreamEvent } from "../xml/stream-reader.js";
import type { Action, Cue } from "./action.js";
import { hostOf } from "./server-actions.js";

export const gateActions: readonly Action[] = [
  [/^accepts a connection$/, acceptsAConnection],
  [/^answers the stream header$/, answersTheHeader],
  [/^accepts a secure stream$/, acceptsASecureStream],
  [/^offers$/, ({ actor, stage, step }) => reception.offer(actor.connection, stage.expand(step.block))],
  [/^offers nothing$/, ({ actor }) => reception.offer(actor.connection, "")],
  [/^accepts TLS$/, ({ actor, stage }) => reception.acceptTls(actor.connection, hostOf(actor, stage))],
  [/^accepts EXTERNAL$/, acceptsExternal],
  [/^welcomes the server$/, welcomesTheServer],
  [/^is asked to verify a key$/, isAskedToVerify],
  [/^has no stanza yet$/, hasNoStanzaYet],
  [/^is shown a valid certificate$/, isShownAValidCertificate],
];

async function acceptsAConnection({ actor, stage }: Cue): Promise<void> {
  actor.reconnect();
  await reception.acceptConnection(actor.connection, hostOf(actor, stage), stage.patience);
  actor.isConnected = true;
  const { tls } = actor.connection.wire;
  stage.variables.set(`${actor.name}'s ALPN`, String(tls?.alpnProtocol ?? "none"));
  stage.variables.set(`${actor.name}'s SNI`, serverName(tls) ?? "none");
}

/** The name that the server asked for (RFC 6066 §3); Node has it on the accepting side, where its types do not. */
function serverName(tls: object | undefined): string | undefined {
  return tls !== undefined && "servername" in tls && typeof tls.servername === "string" ? tls.servername : undefined;
}

/** As a good server would, or with the block. */
function answersTheHeader({ actor, stage, step }: Cue): void {
  if (step.block === "") stage.named(actor, reception.answerHeader(actor.connection, hostOf(actor, stage)));
  else actor.connection.send(stage.expand(step.block));
}

async function acceptsASecureStream(cue: Cue): Promise<void> {
  const { actor, stage } = cue;
  await acceptsAConnection(cue);
  stage.named(actor, await reception.acceptSecureStream(actor.connection, hostOf(actor, stage)));
}

async function acceptsExternal({ actor, stage }: Cue): Promise<void> {
  stage.named(actor, await reception.acceptExternal(actor.connection, hostOf(actor, stage)));
}

/** Accepts a stream and whatever proof the server has, until it may send stanzas. */
async function welcomesTheServer(cue: Cue): Promise<void> {
  const { actor, stage } = cue;
  const host = hostOf(actor, stage);
  const isProved = await usesParkedStream(cue, host);
  if (isProved === undefined) {
    await acceptsASecureStream(cue);
    reception.offer(actor.connection, host.features);
  }
  if (isProved !== true) await reception.answerProofs(actor.connection, host, "proved");
}

/**
 * Takes the stream on which a key was verified, when the server goes on with that one. Gives whether it has proved itself
 * there; undefined when the server comes with another one.
 */
async function usesParkedStream({ actor, stage }: Cue, host: reception.Host): Promise<boolean | undefined> {
  const parked = actor.peer?.parked.shift();
  if (parked === undefined) return undefined;
  await Promise.race([parked.connection.hasEvent(), host.gate.hasSomebody(stage.patience)]);
  if (!(await parked.connection.goesOn())) return undefined;
  actor.reconnect();
  actor.connection = parked.connection;
  actor.isConnected = true;
  return parked.isProved;
}

/** Accepts a stream, or goes on with one, and waits until a key is to be verified, which is then to be received. */
async function isAskedToVerify(cue: Cue): Promise<void> {
  const { actor, stage } = cue;
  const host = hostOf(actor, stage);
  if ((await usesParkedStream(cue, host)) === undefined) {
    await acceptsASecureStream(cue);
    reception.offer(actor.connection, host.features);
  }
  await reception.awaitKey(actor.connection, host);
}

/** At this very moment; says something only after a round trip that a stanza cannot have overtaken. */
async function hasNoStanzaYet({ actor: { connection } }: Cue): Promise<void> {
  const came: StreamEvent[] = [];
  while (await connection.hasEvent(0)) came.push(await connection.next());
  const stanza = came.find((event) => event.kind === "element" && event.element.namespace === NS.server);
  if (stanza !== undefined) throw new Error(`expected no stanza, but came ${describe(stanza)}`);
  connection.putBack(came);
}

/** In TLS, for the domain of the server under test, by the authority that it shares with the suite. */
function isShownAValidCertificate({ actor, stage }: Cue): void {
  const certificate = actor.connection.wire.tls?.getPeerX509Certificate();
  if (certificate === undefined) throw new Error("the server showed no certificate");
  const authority = new X509Certificate(stage.federation.world.authority.certificate);
  if (!certificate.checkIssued(authority) || !certificate.verify(authority.publicKey)) {
    throw new Error(`the certificate was issued by ${certificate.issuer}`);
  }
  if (certificate.checkHost(stage.server.domain) === undefined) {
    throw new Error(`the certificate is for ${certificate.subjectAltName ?? certificate.subject}`);
  }
}
