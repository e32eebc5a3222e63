// The one reader of subjectAltName (RFC 5280 §4.2.1.6): from DER, because names in Node's text can imitate each other.
import { contentsOf, derTag, expectTag, identifierAt, readChildren, readElement, readWhole } from "./der.js";
import type { DerElement } from "./der.js";

/** Names as they stand in the certificate: unprepared, but without characters that their kind can't have. */
export interface AlternativeNames {
  /** dNSName: visible ASCII. */
  readonly dns: readonly string[];
  /** id-on-dnsSRV (RFC 4985): `_service.name`, visible ASCII. */
  readonly srv: readonly string[];
  /** id-on-xmppAddr (RFC 6120 §13.7.1.4): a JID, in UTF-8. */
  readonly xmpp: readonly string[];
  /** Numbers of all kinds of GeneralName that occur, understood or not. */
  readonly forms: ReadonlySet<number>;
}

export const noAlternativeNames: AlternativeNames = { dns: [], srv: [], xmpp: [], forms: new Set() };

/** GeneralName's choices (RFC 5280 §4.2.1.6), by number. */
export const nameForm = { other: 0, email: 1, dns: 2, directory: 4 } as const;

const contextClass = 0x80;
const idOnXmppAddr = "2b06010505070805";
const idOnDnsSrv = "2b06010505070807";

/** Reads the extension's value. Throws RangeError when it is malformed, or holds a name with characters it can't have. */
export function readAlternativeNames(value: Buffer): AlternativeNames {
  const names = { dns: [] as string[], srv: [] as string[], xmpp: [] as string[], forms: new Set<number>() };
  for (const element of readChildren(value, readWhole(value, derTag.sequence))) {
    const form = formOf(element);
    names.forms.add(form);
    if (form === nameForm.dns) names.dns.push(ascii(contentsOf(value, element)));
    if (form === nameForm.other) readOtherName(value, element, names);
  }
  return names;
}

/** Which kind of GeneralName an element is. */
export function formOf({ tag }: DerElement): number {
  if ((tag & 0xc0) !== contextClass) throw new RangeError("no GeneralName");
  return tag & 0x1f;
}

/** OtherName ::= SEQUENCE { type-id OBJECT IDENTIFIER, value [0] EXPLICIT ANY }. One of another type names nobody. */
function readOtherName(der: Buffer, element: DerElement, into: { srv: string[]; xmpp: string[] }): void {
  const [type, value] = readChildren(der, element);
  const inside = readElement(der, expectTag(value, derTag.firstContext).start, value?.end);
  const kind = `${identifierAt(der, type)} ${inside.tag}`;
  if (kind === `${idOnXmppAddr} ${derTag.utf8String}`) into.xmpp.push(utf8(contentsOf(der, inside)));
  if (kind === `${idOnDnsSrv} ${derTag.ia5String}`) into.srv.push(ascii(contentsOf(der, inside)));
}

/** IA5String that is a name: without spaces, control characters and NUL, which would cut it short elsewhere. */
function ascii(octets: Buffer): string {
  const text = octets.toString("latin1");
  if (!/^[\x21-\x7e]+$/.test(text)) throw new RangeError("a name with characters that names can't have");
  return text;
}

/** JIDs are prepared before they are compared, so any text will do; only bad UTF-8 and NUL won't. */
function utf8(octets: Buffer): string {
  const text = octets.toString("utf8");
  if (text.includes("\0") || text.includes("\ufffd")) throw new RangeError("an address that is no UTF-8");
  return text;
}
