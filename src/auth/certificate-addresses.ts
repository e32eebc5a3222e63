// The JIDs that a certificate names: id-on-xmppAddr in its subjectAltName (RFC 6120 §13.7.1.4).
import forge from "node-forge";

const { asn1 } = forge;

const SUBJECT_ALT_NAME = "2.5.29.17";
const XMPP_ADDRESS = "1.3.6.1.5.5.7.8.5";

/** As they stand in the DER-encoded certificate, unprepared; none when it can't be read. */
export function xmppAddresses(certificate: Buffer): readonly string[] {
  try {
    const [body] = children(asn1.fromDer(certificate.toString("latin1")));
    // TBSCertificate (RFC 5280 §4.1): the extensions are its element [3], a wrapped sequence.
    const wrapped = children(body).find((part) => isContext(part, 3));
    const extensions = children(children(wrapped)[0]);
    return extensions.filter((extension) => oid(children(extension)[0]) === SUBJECT_ALT_NAME).flatMap(addressesIn);
  } catch (error) {
    // node-forge says by exceptions that bytes are no DER: such a certificate names nobody.
    if (error instanceof Error) return [];
    throw error;
  }
}

function addressesIn(extension: forge.asn1.Asn1): readonly string[] {
  const octets = children(extension).at(-1)?.value;
  if (typeof octets !== "string") return [];
  const otherNames = children(asn1.fromDer(octets)).filter((name) => isContext(name, 0));
  return otherNames.flatMap((name) => {
    const [type, value] = children(name);
    const text = children(value)[0];
    if (oid(type) !== XMPP_ADDRESS || text?.type !== asn1.Type.UTF8 || typeof text.value !== "string") return [];
    return [decode(text.value)];
  });
}

function children(part: forge.asn1.Asn1 | undefined): readonly forge.asn1.Asn1[] {
  return Array.isArray(part?.value) ? part.value : [];
}

function isContext(part: forge.asn1.Asn1, tag: number): boolean {
  // forge's Type is an enumeration of universal tags; in this class the same numbers mean something else.
  return part.tagClass === asn1.Class.CONTEXT_SPECIFIC && Number(part.type) === tag;
}

function oid(part: forge.asn1.Asn1 | undefined): string | undefined {
  return part?.type === asn1.Type.OID && typeof part.value === "string" ? asn1.derToOid(part.value) : undefined;
}

/** Throws for bad UTF-8. */
function decode(binary: string): string {
  return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(binary, "latin1"));
}
