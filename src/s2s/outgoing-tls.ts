// TLS on a stream of ours, what their certificate is worth, and whether that is what we demand (RFC 6120 §5, §13.7).
import type { Fragment } from "../xml/fragment.js";
import type { Federation } from "./federation.js";
import type { Outgoing } from "./outgoing.js";
import { FederationFailure, type ReasonCode } from "./reason.js";

/** Takes the answer to <starttls/>; in the end their certificate has been judged. */
export function takeTlsAnswer(outgoing: Outgoing, federation: Federation, { name }: Fragment): void {
  const { stream, job } = outgoing;
  if (name !== "proceed") {
    const text = `The server of ${job.remote} refuses to start TLS.`;
    return outgoing.refused(new FederationFailure("tls-refused", text));
  }
  stream.secure(job.remote).then(
    () => judgeCertificate(outgoing, federation),
    (error: unknown) => outgoing.refused(asFailureOf("tls-failed", error)),
  );
}

/** Nothing is read until we know what to make of it; then the stream is opened, or opened anew. */
export function judgeCertificate(outgoing: Outgoing, federation: Federation): void {
  const { stream, job } = outgoing;
  const { tls } = stream.transport;
  if (tls === undefined) return;
  const chain = tls.peerCertificates();
  stream.pause();
  federation.trust
    .judge(chain, job.remote, "server")
    .then((proof) => {
      outgoing.theirProof = proof;
      job.watch?.({ step: "tls", protocol: tls.protocol, cipher: tls.cipher, chain, proof });
      if (!stream.isClosing) outgoing.open();
    })
    .catch((error: unknown) => outgoing.refused(asFailureOf("certificate-invalid", error)))
    .finally(() => stream.resume());
}

/** Why they are not good enough for us, when TLS is on or will not be. */
export function refusalOf({ job, stream, theirProof }: Outgoing): FederationFailure | undefined {
  const { remote, policy } = job;
  if (policy.requiresTls && stream.transport.tls === undefined)
    return new FederationFailure("tls-not-offered", `The server of ${remote} does not offer TLS.`);
  if (!policy.requiresCertificate) return undefined;
  if (theirProof.problem !== undefined || theirProof.by !== "nothing") return theirProof.problem;
  const text = `The server of ${remote} shows no certificate, for it does not use TLS.`;
  return new FederationFailure("certificate-missing", text);
}

function asFailureOf(code: ReasonCode, error: unknown): FederationFailure {
  return new FederationFailure(code, error instanceof Error ? error.message : String(error));
}
