// TLS on a stream of theirs, and what the certificate is worth that they show (RFC 6120 §5, XEP-0178 §3).
import { NAMESPACES } from "../xml/namespaces.js";
import type { Incoming } from "./incoming.js";
import type { FederationFailure } from "./reason.js";

export function startTls({ stream, link, local, federation }: Incoming): void {
  if (stream.transport.tls !== undefined || link !== undefined || local === undefined) {
    // RFC 6120 §5.4.2.2: failure, and the stream ends
    stream.write(`<failure xmlns='${NAMESPACES.tls}'/>`);
    return stream.close();
  }
  stream.startTls(local).catch((error: unknown) => {
    federation.journal.log.debug("tls-failed", { address: stream.transport.remoteAddress, error });
  });
}

/** Nothing more is read until we know what to make of the certificate. */
export function judgeCertificate(incoming: Incoming, then: () => void): void {
  const { stream, remote, federation } = incoming;
  const { tls } = stream.transport;
  if (tls === undefined || remote === undefined || incoming.isAuthenticatedBySasl) return then();
  stream.pause();
  federation.trust
    .judge(tls.peerCertificates(), remote, "peer")
    .then((proof) => {
      incoming.proof = proof;
      then();
    })
    .catch((error: unknown) => federation.journal.fault(stream, error))
    .finally(() => stream.resume());
}

/** Who shows no valid certificate where one is needed notices that from what is offered, and goes by themselves. */
export function certificateProblem({
  local,
  remote,
  proof,
  stream,
  federation,
}: Incoming): FederationFailure | undefined {
  if (local === undefined || remote === undefined || stream.failure !== undefined) return undefined;
  return federation.policy(local, remote).requiresCertificate ? proof.problem : undefined;
}
