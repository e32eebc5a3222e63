// XEP-0122: Data Forms Validation, version 1.0.2 <https://xmpp.org/extensions/xep-0122.html>
import { type Element, xml } from "../../src/extension/index.js";

const NS = "http://jabber.org/protocol/xdata-validate";

/** What a client may check before it submits a field. It need not (§4.4), so check it again. */
export interface Validation {
  readonly datatype: "xs:integer" | "xs:decimal" | "xs:dateTime" | "xs:anyURI" | "xs:string" | "xs:language";
  /** §3.2.3; of a text-single. */
  readonly range?: { readonly min?: number | string; readonly max?: number | string };
  /** §3.2.2: a list to which values may be added. */
  readonly isOpen?: boolean;
}

export function validateElement({ datatype, range, isOpen = false }: Validation): Element {
  const method = range === undefined ? xml(isOpen ? "open" : "basic") : xml("range", range);
  return xml("validate", { xmlns: NS, datatype }, method);
}
