// At the start: what waited for other servers when this one stopped, or was killed, takes its place again.
import type { Stanza } from "../stanza/stanza.js";
import type { Federation } from "./federation.js";
import { FederationFailure } from "./reason.js";

export async function restoreQueues(federation: Federation): Promise<void> {
  const { spool, journal } = federation;
  let restored = 0;
  const refused: (() => Promise<void>)[] = [];
  for await (const { stanza, record } of spool.restore()) {
    const failure = failureOf(federation, record);
    const isWaiting = failure === undefined && federation.pair(record.local, record.remote).restore(stanza);
    if (isWaiting) restored += 1;
    else refused.push(() => giveBack(federation, stanza, record.remote, failure));
  }
  // All at once: one commit for each of thousands would hold up the start.
  await Promise.all(refused.map((give) => give()));
  if (restored + refused.length > 0) journal.log.info("s2s-queues-restored", { restored, returned: refused.length });
  for (const domain of federation.domains.values()) for (const pair of domain.pairs.values()) pair.begin();
}

async function giveBack(
  federation: Federation,
  stanza: Stanza,
  remote: string,
  failure = new FederationFailure("queue-full", "Too much was waiting for that server."),
): Promise<void> {
  await federation.returnLate(stanza, failure.toStanzaError(remote));
  federation.spool.forget(stanza);
}

/** Why a stanza must not go any more. */
function failureOf(
  federation: Federation,
  { local, remote, isSent }: { readonly local: string; readonly remote: string; readonly isSent: boolean },
): FederationFailure | undefined {
  if (isSent) return new FederationFailure("fate-unknown", "The server was stopped before it was confirmed.");
  return federation.policy(local, remote).refusal;
}
