// The steps of the way to another server, for who looks on: `rookery s2s check`, and the log at level debug.
import type { X509Certificate } from "node:crypto";
import type { ConnectStep } from "../net/approach.js";
import type { LookupStep, Target } from "../net/locator.js";
import type { ServerFeatures } from "./features.js";
import type { FederationFailure } from "./reason.js";
import type { Proof } from "./trust.js";

export type WalkStep =
  | { readonly step: "lookup"; readonly lookup: LookupStep }
  | { readonly step: "targets"; readonly targets: readonly Target[] }
  | { readonly step: "connect"; readonly connect: ConnectStep }
  | { readonly step: "stream"; readonly isEncrypted: boolean; readonly features: ServerFeatures }
  | {
      readonly step: "tls";
      readonly protocol: string;
      readonly cipher: string;
      readonly chain: readonly X509Certificate[];
      readonly proof: Proof;
    }
  | { readonly step: "authentication"; readonly method: "EXTERNAL" | "dialback"; readonly outcome: string }
  | { readonly step: "failure"; readonly failure: FederationFailure };

export type Watch = (step: WalkStep) => void;
