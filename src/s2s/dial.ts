// From a domain to a stream: find it, connect, agree; the next target when one comes to nothing (RFC 6120 §3.2).
import type { Socket } from "node:net";
import { Approach, type Reached } from "../net/approach.js";
import { parseTarget, type Target } from "../net/locator.js";
import { outgoingTransport } from "../net/outgoing-transport.js";
import { secureAsClient, type TlsClientOptions } from "../net/tls-client.js";
import type { Transport } from "../net/transport.js";
import { Stream } from "../stream/stream.js";
import type { Federation } from "./federation.js";
import { Outgoing } from "./outgoing.js";
import type { OutgoingJob, OutgoingResult } from "./outgoing-job.js";
import { asFailure, FederationFailure } from "./reason.js";

export type Dialled = { readonly outgoing: Outgoing } & OutgoingResult;

/** Rejects with the FederationFailure of the last target that was tried. */
export async function dial(federation: Federation, job: OutgoingJob): Promise<Dialled> {
  try {
    if (job.policy.refusal !== undefined) throw job.policy.refusal;
    return await tryTargets(federation, job, await targetsOf(federation, job));
  } catch (error) {
    const failure = asFailure(error);
    job.watch?.({ step: "failure", failure });
    throw failure;
  }
}

async function targetsOf({ locator }: Federation, { remote, policy, watch }: OutgoingJob): Promise<readonly Target[]> {
  const configured = policy.targets.flatMap((text) => parseTarget(text) ?? []);
  const targets =
    configured.length > 0 ? configured : await locator.locate(remote, (lookup) => watch?.({ step: "lookup", lookup }));
  watch?.({ step: "targets", targets });
  return targets;
}

async function tryTargets(federation: Federation, job: OutgoingJob, targets: readonly Target[]): Promise<Dialled> {
  const { locator, limits } = federation;
  const { watch } = job;
  const approach = new Approach(targets, locator, {
    connectTimeout: limits.connect_timeout,
    watch: (step) =>
      watch?.("question" in step ? { step: "lookup", lookup: step } : { step: "connect", connect: step }),
  });
  let last: FederationFailure | undefined;
  for (;;) {
    let reached: Reached;
    try {
      reached = await approach.next();
    } catch (error) {
      locator.forget(job.remote); // it may have moved
      throw last ?? error;
    }
    try {
      return await agree(federation, job, reached);
    } catch (error) {
      last = asFailure(error);
      if (!mayOtherTargetDo(last) || federation.isStopping) throw last;
      watch?.({ step: "failure", failure: last });
    }
  }
}

/** Another machine of the domain may be in better order, but will not think otherwise of us. */
function mayOtherTargetDo({ code }: FederationFailure): boolean {
  return !code.startsWith("authentication-") && !code.startsWith("dialback-");
}

async function agree(federation: Federation, job: OutgoingJob, { socket, target }: Reached): Promise<Dialled> {
  const { certificates, limits } = federation;
  const tls = { certificates, host: job.local, timeout: limits.negotiation_timeout };
  const transport = target.isDirectTls
    ? await directTls(socket, { ...tls, serverName: job.remote, protocol: "xmpp-server" })
    : outgoingTransport(socket, tls);
  const stream = new Stream(transport, federation.streamOptions);
  const outgoing = new Outgoing(stream, federation, job);
  federation.opened(outgoing);
  outgoing.begin();
  return { outgoing, ...(await outgoing.result) };
}

/** XEP-0368. */
async function directTls(clear: Socket, options: TlsClientOptions): Promise<Transport> {
  try {
    const { socket, facts } = await secureAsClient(clear, options);
    return outgoingTransport(socket, options, facts);
  } catch (error) {
    throw new FederationFailure("tls-failed", error instanceof Error ? error.message : String(error));
  }
}
