// Why another server can't be reached or is not believed: stable codes, plain words, and who has to do something.
import { StanzaError, type StanzaCondition } from "../stanza/stanza-error.js";

export type Party = "us" | "them" | "network" | "nobody";

interface Reason {
  /** What the sender of a stanza gets (RFC 6120 §10.4.3: not found is what cannot be resolved; XEP-0220 §2.1.1). */
  readonly condition: StanzaCondition;
  /** Trying again soon is of no use: what waits is returned at once. */
  readonly isLasting: boolean;
  /** Who has to do something about it. */
  readonly party: Party;
  readonly advice: string;
}

const notFound = "remote-server-not-found" as const;
const timeout = "remote-server-timeout" as const;

function lasting(condition: StanzaCondition, party: Party, advice: string): Reason {
  return { condition, isLasting: true, party, advice };
}

function passing(condition: StanzaCondition, party: Party, advice: string): Reason {
  return { condition, isLasting: false, party, advice };
}

const theirCertificate = "The operator of that server must install a certificate that is valid for its domain.";

/** The codes appear in logs, metrics and `--json`: they are never renamed. */
export const reasons = {
  "domain-blocked": lasting("not-allowed", "us", "Change allow and block in [federation] if this is not intended."),
  "federation-disabled": lasting("not-allowed", "us", "Set enabled = true in [federation] to exchange stanzas."),
  "dns-not-found": lasting(
    notFound,
    "them",
    "Check the spelling of the domain. If it is right, its DNS has no records.",
  ),
  "dns-no-service": lasting(notFound, "them", "The domain's DNS says that it has no XMPP server for other servers."),
  "dns-failed": passing(timeout, "network", "Check that the name servers of this machine, or those in [dns], answer."),
  "dns-timeout": passing(timeout, "network", "Check that the name servers of this machine, or those in [dns], answer."),
  "connection-refused": passing(timeout, "them", "That server is down, or a firewall refuses connections to its port."),
  "connection-timeout": passing(
    timeout,
    "them",
    "That server is down, or a firewall swallows connections to its port.",
  ),
  "connection-unreachable": passing(
    timeout,
    "network",
    "There is no route to that server; check IPv4, IPv6, firewall.",
  ),
  "connection-failed": passing(timeout, "network", "Check the network between this machine and that server."),
  "connection-lost": passing(timeout, "them", "That server, or something in between, broke the connection off."),
  "stream-timeout": passing(
    timeout,
    "them",
    "Something accepts connections there but does not speak XMPP, or is stuck.",
  ),
  "stream-not-xmpp": passing(timeout, "them", "What answers there is no XMPP server; check its DNS records and ports."),
  "stream-error": passing(timeout, "them", "That server broke off; its error says why."),
  "host-unknown": lasting(notFound, "them", "The server that DNS names for the domain does not serve it."),
  "tls-not-offered": lasting(timeout, "them", "That server must offer TLS. For an exception: require_tls in [peers]."),
  "tls-refused": lasting(
    timeout,
    "them",
    "That server offers TLS and then refuses it; its operator must look at its logs.",
  ),
  "tls-failed": passing(
    timeout,
    "them",
    "Protocol versions, ciphers or certificates of both servers do not go together.",
  ),
  "certificate-missing": lasting(timeout, "them", theirCertificate),
  "certificate-expired": lasting(timeout, "them", "The operator of that server must renew its certificate."),
  "certificate-not-yet-valid": lasting(
    timeout,
    "them",
    "Check the clocks of both machines, then that certificate's dates.",
  ),
  "certificate-wrong-name": lasting(timeout, "them", theirCertificate),
  "certificate-untrusted": lasting(
    timeout,
    "them",
    "The operator of that server must use a certificate of a public authority and send all intermediate ones along. " +
      "To trust it all the same: authorities in [servers], or require_certificate = false in [peers].",
  ),
  "certificate-wrong-usage": lasting(timeout, "them", theirCertificate),
  "certificate-invalid": lasting(timeout, "them", theirCertificate),
  "authentication-not-offered": lasting(
    timeout,
    "us",
    "That server accepts neither our certificate nor dialback: have a public authority sign our certificate.",
  ),
  "authentication-refused": lasting(
    timeout,
    "us",
    "That server does not believe our certificate; `rookery check` looks at it.",
  ),
  "dialback-invalid": lasting(
    "internal-server-error",
    "us",
    "That server asked who we are and got a no: our DNS records must lead to this very server.",
  ),
  // XEP-0220 §2.5: what waits "MUST" go back
  "dialback-failed": lasting(
    timeout,
    "us",
    "That server could not ask who we are: our DNS records and port 5269 must be right.",
  ),
  "queue-full": passing("resource-constraint", "nobody", "Too much waits for that server already; try again later."),
  "queue-timeout": passing(timeout, "them", "That server could not be reached for as long as a stanza may wait."),
  "stanza-too-large": lasting("policy-violation", "nobody", "That server says that it takes no stanzas of this size."),
  "fate-unknown": passing(
    timeout,
    "nobody",
    "The connection was lost before that server confirmed the stanza: it may have arrived or not.",
  ),
} as const satisfies Readonly<Record<string, Reason>>;

export type ReasonCode = keyof typeof reasons;

/** Why a domain can't be reached, or why a stream with it came to nothing. `message`: plain words, for people. */
export class FederationFailure extends Error {
  constructor(
    readonly code: ReasonCode,
    /** What happened, as a sentence. */
    message: string,
  ) {
    super(message);
    this.name = "FederationFailure";
  }

  get reason(): Reason {
    return reasons[this.code];
  }

  /** For the sender of a stanza that could not go to `domain`. */
  toStanzaError(domain: string): StanzaError {
    const { condition, isLasting } = this.reason;
    const text = `${domain} could not be reached (${this.code}): ${this.message}`;
    // RFC 6120 §8.3.3.17: to be tried again, unless the other server was found and will not do
    return new StanzaError(condition, isLasting && condition === timeout ? { text, type: "cancel" } : { text });
  }
}

/** Whatever was thrown on the way to another server, as a failure. */
export function asFailure(thrown: unknown): FederationFailure {
  if (thrown instanceof FederationFailure) return thrown;
  const problem: unknown = typeof thrown === "object" && thrown !== null && "problem" in thrown ? thrown.problem : "";
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new FederationFailure(isCode(problem) ? problem : "connection-failed", message);
}

function isCode(value: unknown): value is ReasonCode {
  return typeof value === "string" && Object.hasOwn(reasons, value);
}
