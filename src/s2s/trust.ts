// Whether certificates that another server shows prove that it is the domain's (RFC 6120 §13.7.2, RFC 7712).
import type { X509Certificate } from "node:crypto";
import { identitiesOf, isMadeOutTo } from "../net/certificate-identity.js";
import { judgePath, type TrustAnchors } from "../net/certificate-path.js";
import type { Posh } from "../net/posh.js";
import { FederationFailure, type ReasonCode } from "./reason.js";

export interface Proof {
  readonly by: "certificate" | "posh" | "nothing";
  /** What is wrong; undefined when something is proven. */
  readonly problem: FederationFailure | undefined;
}

const codes = {
  expired: "certificate-expired",
  "not-yet-valid": "certificate-not-yet-valid",
  untrusted: "certificate-untrusted",
  "wrong-usage": "certificate-wrong-usage",
  invalid: "certificate-invalid",
} as const satisfies Readonly<Record<string, ReasonCode>>;

export class Trust {
  constructor(
    private readonly anchors: TrustAnchors,
    /** Undefined: web servers are not asked. */
    private readonly posh: Posh | undefined,
    private readonly now: () => number,
  ) {}

  /** `chain`: as sent, the peer's own first. `use`: whether we have connected to it ("server") or it to us ("peer"). */
  async judge(chain: readonly X509Certificate[], domain: string, use: "server" | "peer"): Promise<Proof> {
    const problem = this.problemOf(chain, domain, use);
    if (problem === undefined) return { by: "certificate", problem };
    const [own] = chain;
    const isVouchedFor = own !== undefined && (await this.posh?.isVouchedFor(own, domain)) === true;
    return isVouchedFor ? { by: "posh", problem: undefined } : { by: "nothing", problem };
  }

  /** What is wrong with the certificates by themselves; undefined when nothing is. */
  problemOf(chain: readonly X509Certificate[], domain: string, use: "server" | "peer"): FederationFailure | undefined {
    const [own] = chain;
    if (own === undefined)
      return new FederationFailure("certificate-missing", `The server of ${domain} shows no certificate.`);
    const { problem, text } = judgePath(chain, this.anchors, this.now(), use);
    if (problem !== undefined) return new FederationFailure(codes[problem], text);
    if (isMadeOutTo(own, domain, "xmpp-server")) return undefined;
    const words = `The certificate shown is not made out to ${domain}, but to ${namesIn(own)}.`;
    return new FederationFailure("certificate-wrong-name", words);
  }
}

/** Names in a certificate that are told; it may have hundreds. */
const mostNames = 5;

function namesIn(certificate: X509Certificate): string {
  const { dns, srv, xmpp } = identitiesOf(certificate);
  const names = [...new Set([...dns, ...srv, ...xmpp])];
  if (names.length === 0) return "nobody";
  const more = names.length > mostNames ? ` and ${names.length - mostNames} more` : "";
  return `${names.slice(0, mostNames).join(", ")}${more}`.slice(0, 500);
}
