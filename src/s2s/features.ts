// What another server offers in its stream features, read once.
import type { Element } from "../xml/element.js";
import { NAMESPACES } from "../xml/namespaces.js";
import { bidirectional, limitsNamespace } from "./elements.js";
import { managementNamespace } from "./management.js";

export interface ServerFeatures {
  readonly tls: "required" | "optional" | undefined;
  readonly mechanisms: readonly string[];
  readonly hasDialback: boolean;
  readonly hasBidi: boolean;
  readonly hasManagement: boolean;
  /** Bytes; undefined when it names no limit (XEP-0478 §3). */
  readonly mostBytes: number | undefined;
  /** Seconds after which it closes a silent stream; undefined when it names no limit. */
  readonly idleSeconds: number | undefined;
}

export function featuresOf(element: Element): ServerFeatures {
  const startTls = element.getChild("starttls", NAMESPACES.tls);
  const limits = element.getChild("limits", limitsNamespace);
  return {
    tls: startTls === undefined ? undefined : startTls.getChild("required") === undefined ? "optional" : "required",
    mechanisms: mechanismsOf(element.getChild("mechanisms", NAMESPACES.sasl)),
    hasDialback: element.getChild("dialback", NAMESPACES.dialbackFeature) !== undefined,
    hasBidi: element.getChild("bidi", bidirectional.feature) !== undefined,
    hasManagement: element.getChild("sm", managementNamespace) !== undefined,
    mostBytes: numberIn(limits, "max-bytes"),
    idleSeconds: numberIn(limits, "idle-seconds"),
  };
}

function mechanismsOf(element: Element | undefined): readonly string[] {
  return (element?.getChildren("mechanism") ?? []).map((mechanism) => mechanism.getText().trim());
}

function numberIn(element: Element | undefined, name: string): number | undefined {
  const text = element?.getChildText(name) ?? "";
  return /^\d{1,10}$/.test(text) && Number(text) > 0 ? Number(text) : undefined;
}
