// What the log says of streams with other servers: stable event names, a reason code, and words for the operator.
import type { Jid } from "../jid/jid.js";
import type { Log } from "../observability/log.js";
import { StreamError } from "../stream/stream-error.js";
import type { Stream } from "../stream/stream.js";
import type { DialbackElement } from "./elements.js";
import type { Incoming } from "./incoming.js";
import type { Link } from "./link.js";
import type { Outgoing } from "./outgoing.js";
import type { FederationFailure } from "./reason.js";

interface DomainPair {
  readonly local: string | undefined;
  readonly remote: string | undefined;
}

export class Journal {
  constructor(readonly log: Log) {}

  opened({ job: { local, remote }, ourProof, theirProof, isBidirectional, stream }: Outgoing): void {
    const proofs = { weProved: ourProof, theyProved: theirProof.by };
    this.log.info("s2s-opened", { local, remote, ...proofs, isBidirectional, ...connectionOf(stream) });
  }

  accepted({ provenBy, isBidirectional, stream }: Incoming, sender: string, target: string): void {
    const facts = { local: target, remote: sender, theyProved: provenBy, isBidirectional };
    this.log.info("s2s-accepted", { ...facts, ...connectionOf(stream) });
  }

  /** No stream could be opened: every attempt that came to nothing is told once. */
  failed({ local, remote }: DomainPair, { code, message, reason }: FederationFailure): void {
    this.log.warn("s2s-failed", { local, remote, reason: code, text: message, advice: reason.advice });
  }

  closed({ local, remote }: DomainPair, direction: "in" | "out", { code, message }: FederationFailure): void {
    this.log.info("s2s-closed", { local, remote, direction, reason: code, text: message });
  }

  /** The other side opened a stream and proved nothing. */
  rejected({ local, remote, stream }: Incoming, { code, message }: FederationFailure): void {
    const { remoteAddress: address } = stream.transport;
    this.log.info("s2s-rejected", { local, remote, address, reason: code, text: message });
  }

  /** A domain pair was not accepted. */
  refused({ transport }: Stream, { from, to }: DialbackElement, reason: string, text: string): void {
    this.log.info("s2s-refused", { local: to, remote: from, address: transport.remoteAddress, reason, text });
  }

  forged({ label }: Link, from: Jid, to: Jid): void {
    this.log.warn("s2s-forged", { stream: label, from: from.domain, to: to.domain });
  }

  /** XEP-0220 §5: somebody answers a question that was not asked. */
  unsolicited({ transport }: Stream, { name, from, to, type }: DialbackElement): void {
    const facts = { address: transport.remoteAddress, element: name, from, to, type };
    this.log.warn("s2s-unsolicited-dialback", facts);
  }

  /** A fault of ours while a stream was being negotiated: it ends, and no other. */
  fault(stream: Stream, error: unknown): void {
    this.log.error("s2s-fault", { address: stream.transport.remoteAddress, error });
    stream.fail(new StreamError("internal-server-error"));
  }
}

function connectionOf({ transport: { remoteAddress, tls } }: Stream): Readonly<Record<string, string | undefined>> {
  return { address: remoteAddress, encryption: tls === undefined ? undefined : `${tls.protocol} ${tls.cipher}` };
}
