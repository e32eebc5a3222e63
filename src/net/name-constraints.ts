// Which names an authority may certify (RFC 5280 §4.2.1.10): DNS names, wherever a certificate names a domain.
import { type AlternativeNames, formOf, nameForm } from "./alternative-names.js";
import { contentsOf, derTag, readChildren, readWhole } from "./der.js";
import type { DerElement } from "./der.js";
import { dnsNameOfDomain } from "./domain-names.js";

export interface NameConstraints {
  readonly isCritical: boolean;
  /** DNS subtrees, lower case; undefined: nothing is said, so every name is permitted. */
  readonly permitted: readonly string[] | undefined;
  readonly excluded: readonly string[];
  /** Kinds of names that are constrained in ways we don't understand. */
  readonly otherForms: ReadonlySet<number>;
}

interface Subtree {
  readonly form: number;
  readonly base: string;
}

/** SEQUENCE { permittedSubtrees [0] OPTIONAL, excludedSubtrees [1] OPTIONAL } */
export function readNameConstraints(value: Buffer, isCritical: boolean): NameConstraints {
  const parts = readChildren(value, readWhole(value, derTag.sequence));
  if (parts.some(({ tag }) => tag !== 0xa0 && tag !== 0xa1)) throw new RangeError("malformed nameConstraints");
  const subtrees = (wanted: number): Subtree[] =>
    parts
      .filter(({ tag }) => tag === wanted)
      .flatMap((part) => readChildren(value, part))
      .map((element) => readSubtree(value, element));
  const [permitted, excluded] = [subtrees(0xa0), subtrees(0xa1)];
  const dns = (list: Subtree[]) => list.filter(({ form }) => form === nameForm.dns).map(({ base }) => base);
  const forms = [...permitted, ...excluded].map(({ form }) => form);
  return {
    isCritical,
    permitted: permitted.some(({ form }) => form === nameForm.dns) ? dns(permitted) : undefined,
    excluded: dns(excluded),
    otherForms: new Set(forms.filter((form) => form !== nameForm.dns)),
  };
}

/** GeneralSubtree ::= SEQUENCE { base GeneralName, minimum [0], maximum [1] }, of which the last two must not be used. */
function readSubtree(der: Buffer, element: DerElement): Subtree {
  const [base, ...limits] = readChildren(der, element);
  if (base === undefined || limits.length > 0) throw new RangeError("malformed GeneralSubtree");
  const form = formOf(base);
  return { form, base: form === nameForm.dns ? dnsSubtree(contentsOf(der, base)) : "" };
}

function dnsSubtree(octets: Buffer): string {
  return octets.toString("latin1").toLowerCase().replace(/\.$/, "");
}

/** True when `names`, or the subject that goes with them, lie outside of what `constraints` allow. */
export function areNamesForbidden(
  constraints: NameConstraints,
  names: AlternativeNames,
  subject: { readonly isEmpty: boolean; readonly hasEmail: boolean },
): boolean {
  const forms = new Set(names.forms);
  if (!subject.isEmpty) forms.add(nameForm.directory);
  if (subject.hasEmail) forms.add(nameForm.email);
  if (constraints.isCritical && [...constraints.otherForms].some((form) => forms.has(form))) return true;
  return domainsOf(names).some((domain) => isDomainForbidden(constraints, domain));
}

/** RFC 5280 speaks of dNSName only; but an authority that may not certify a domain may not do so by other means. */
function domainsOf({ dns, srv, xmpp }: AlternativeNames): string[] {
  const behindService = srv.map((name) => name.slice(name.indexOf(".") + 1));
  const ofAddress = xmpp.map((jid) => /^(?:[^@/]*@)?([^/]*)/.exec(jid)?.[1] ?? "");
  return [...dns, ...behindService, ...ofAddress.map((domain) => dnsNameOfDomain(domain) ?? "")];
}

function isDomainForbidden({ permitted, excluded }: NameConstraints, domain: string): boolean {
  const name = domain.toLowerCase().replace(/\.$/, "");
  const isWildcard = name.startsWith("*.");
  const base = isWildcard ? name.slice(2) : name;
  const isPermitted = (subtree: string): boolean => isWithin(base, subtree) && (isWildcard || subtree !== `.${base}`);
  if (permitted !== undefined && !permitted.some(isPermitted)) return true;
  // A wildcard also reaches what is excluded below it.
  return excluded.some((subtree) => isWithin(base, subtree) || (isWildcard && isWithin(withoutDot(subtree), base)));
}

/** With any number of labels before it, none included. A dot in front is in no standard, but in use. */
function isWithin(name: string, subtree: string): boolean {
  const base = withoutDot(subtree);
  return base === "" || name === base || name.endsWith(`.${base}`);
}

function withoutDot(subtree: string): string {
  return subtree.replace(/^\./, "");
}
