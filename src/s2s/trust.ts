// Whether certificates that another server shows prove that it is the domain's (RFC 6120 §13.7.2, RFC 7712).
import type { X509Certificate } from "node:crypto";
import { isMadeOutTo } from "../net/certificate-identity.js";
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
    return new FederationFailure("certificate-wrong-name", `The certificate shown is not made out to ${domain}.`);
  }
}
