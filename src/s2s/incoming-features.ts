// What we offer to another server on its stream, at each step of it.
import { NAMESPACES } from "../xml/namespaces.js";
import { bidirectional, limitsNamespace, startTls } from "./elements.js";
import type { Incoming } from "./incoming.js";
import { managementNamespace } from "./management.js";

const mandatoryTls = `<starttls xmlns='${NAMESPACES.tls}'><required/></starttls>`;
const external = `<mechanisms xmlns='${NAMESPACES.sasl}'><mechanism>EXTERNAL</mechanism></mechanisms>`;
const dialback = `<dialback xmlns='${NAMESPACES.dialbackFeature}'><errors/></dialback>`;
const management = `<sm xmlns='${managementNamespace}'/>`;
const bidi = `<bidi xmlns='${bidirectional.feature}'/>`;

/** The content of <stream:features/>. */
export function incomingFeatures(incoming: Incoming): string {
  const { stream, local, remote, federation } = incoming;
  if (local === undefined) return "";
  const managed = federation.limits.stream_management ? management : "";
  if (incoming.isAuthenticatedBySasl) return managed + limitsOf(incoming);
  // Without a `from` the strictest policy counts: who opens the stream only to verify a key needs nothing else.
  const policy = federation.policy(local, remote ?? "");
  // RFC 6120 §5.3.1: nothing else beside what is mandatory
  if (stream.transport.tls === undefined && policy.requiresTls) return mandatoryTls;
  const tls = stream.transport.tls === undefined ? startTls : "";
  const sasl = incoming.proof.by === "nothing" ? "" : external; // XEP-0178 §3
  // Dialback even where it is not enough: its answer can say in words why. Stanzas may follow without a restart of the
  // stream, so acknowledgements are offered along with it (XEP-0198 §5).
  return tls + sasl + dialback + managed + (federation.limits.bidirectional ? bidi : "");
}

/** XEP-0478 §3: what is taken now, and how long a silent stream is kept. */
function limitsOf({ federation, stream }: Incoming): string {
  const idle = Math.round(federation.limits.idle_timeout / 1000);
  return (
    `<limits xmlns='${limitsNamespace}'><max-bytes>${stream.stanzaBytes}</max-bytes>` +
    `<idle-seconds>${idle}</idle-seconds></limits>`
  );
}
