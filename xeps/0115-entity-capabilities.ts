// XEP-0115: Entity Capabilities <https://xmpp.org/extensions/xep-0115.html>
import { createHash } from "node:crypto";
import { type Element, extension, xml } from "../src/extension/index.js";
import { type Identity, type Info, serviceDiscovery } from "./0030-service-discovery.js";
import { valuesOf } from "./payloads/0004-data-forms.js";

const NS = "http://jabber.org/protocol/caps";

/** §4 recommends an address where one can read about the program; until it has one, a name that is nobody else's. */
const NODE = "urn:rookery:server";

export const entityCapabilities = extension({
  xep: "0115",
  name: "entity-capabilities",
  version: "1.6.0",
  sentence: "Tells clients at login what the server can do, so that those who know it need not ask.",
  features: [NS],
  requires: [serviceDiscovery],
  start(host) {
    const entity = host.use(serviceDiscovery).host;
    let known = { info: entity.info, ver: verificationString(entity.info) };
    const current = (): string => {
      if (known.info !== entity.info) known = { info: entity.info, ver: verificationString(entity.info) };
      return known.ver;
    };
    // §6.3
    host.streamFeature("after-login", () => xml("c", { xmlns: NS, hash: "sha-1", node: NODE, ver: current() }));
    // §6.2
    entity.addNodes({ info: (node) => (node === `${NODE}#${current()}` ? entity.info : undefined) });
  },
});

/** §5.1. */
export function verificationString({ identities, features, forms = [] }: Info): string {
  const parts = [
    ...identities.map(writeIdentity).sort(byOctets),
    ...[...features].sort(byOctets),
    ...forms
      .map(writeForm)
      .sort(([one], [other]) => byOctets(one ?? "", other ?? ""))
      .flat(),
  ];
  return createHash("sha1")
    .update(parts.map((part) => `${part}<`).join(""))
    .digest("base64");
}

function writeIdentity({ category, type, lang = "", name = "" }: Identity): string {
  return `${category}/${type}/${lang}/${name}`;
}

/** The form's type, then each field's name and its values. */
function writeForm(form: Element): string[] {
  const fields = new Map(valuesOf(form));
  const formType = fields.get("FORM_TYPE") ?? [];
  fields.delete("FORM_TYPE");
  const sorted = [...fields].sort(([one], [other]) => byOctets(one, other));
  return [...formType, ...sorted.flatMap(([name, values]) => [name, ...[...values].sort(byOctets)])];
}

/** i;octet (RFC 4790 §9.3). */
function byOctets(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}
