// Actions of other servers on streams that the server under test opens to them.
import * as reception from "../peer/reception.js";
import type { Action, Cue } from "./action.js";
import { hostOf, pairOf } from "./server-actions.js";

export const gateActions: readonly Action[] = [
  [/^accepts a connection$/, acceptsAConnection],
  [/^answers the stream header$/, answersTheHeader],
  [/^accepts a secure stream$/, acceptsASecureStream],
  [/^offers$/, ({ actor, stage, step }) => reception.offer(actor.connection, stage.expand(step.block))],
  [/^offers nothing$/, ({ actor }) => reception.offer(actor.connection, "")],
  [/^accepts TLS$/, ({ actor, stage }) => reception.acceptTls(actor.connection, hostOf(actor, stage))],
  [/^accepts EXTERNAL$/, acceptsExternal],
  [/^welcomes the server$/, welcomesTheServer],
  [/^is shown a valid certificate$/, isShownAValidCertificate],
];

async function acceptsAConnection({ actor, stage }: Cue): Promise<void> {
  actor.reconnect();
  await reception.acceptConnection(actor.connection, hostOf(actor, stage), stage.patience);
  actor.isConnected = true;
}

/** As a good server would, or with the block. */
function answersTheHeader({ actor, stage, step }: Cue): void {
  if (step.block === "") stage.named(actor, reception.answerHeader(actor.connection, pairOf(actor, stage)));
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

/** In TLS, for the domain of the server under test, by the authority that it shares with the suite. */
function isShownAValidCertificate({ actor, stage }: Cue): void {
  const { tls } = actor.connection.wire;
  const certificate = tls?.getPeerX509Certificate();
  if (certificate === undefined) throw new Error("the server showed no certificate");
  if (tls?.authorized !== true) throw new Error(`the certificate is not valid: ${String(tls?.authorizationError)}`);
  if (certificate.checkHost(stage.server.domain) === undefined) {
    throw new Error(`the certificate is for ${certificate.subjectAltName ?? certificate.subject}`);
  }
}
