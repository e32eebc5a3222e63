// Just enough of ASN.1 DER (X.690) to find fields in a certificate. What is no DER throws RangeError.

/** One element: its tag octet and where its contents lie. */
export interface DerElement {
  readonly tag: number;
  readonly start: number;
  readonly end: number;
}

export const derTag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectIdentifier: 0x06,
  utf8String: 0x0c,
  printableString: 0x13,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
  firstContext: 0xa0,
} as const;

/** Reads the element at `offset`. Throws RangeError when it does not lie within `der`. */
export function readElement(der: Buffer, offset: number, limit: number = der.length): DerElement {
  const tag = der.readUInt8(offset);
  if ((tag & 0x1f) === 0x1f) throw new RangeError("DER tag of several octets");
  const first = der.readUInt8(offset + 1);
  const lengthOctets = first < 0x80 ? 0 : first & 0x7f;
  const length = lengthOctets === 0 ? first : longLength(der, offset + 2, lengthOctets);
  const start = offset + 2 + lengthOctets;
  if (start + length > limit) throw new RangeError("DER element reaches past the end");
  return { tag, start, end: start + length };
}

/** X.690 §10.1: definite, and in as few octets as it takes; otherwise two readers may see two certificates. */
function longLength(der: Buffer, offset: number, octets: number): number {
  const length = der.readUIntBE(offset, octets);
  if (length < 0x80 || length < 256 ** (octets - 1)) throw new RangeError("DER length is not minimal");
  return length;
}

/** The elements inside a constructed one. */
export function readChildren(der: Buffer, parent: DerElement): DerElement[] {
  const children: DerElement[] = [];
  for (let offset = parent.start; offset < parent.end;) {
    const child = readElement(der, offset, parent.end);
    children.push(child);
    offset = child.end;
  }
  return children;
}

/** The one element that fills `der`, which must have this tag. */
export function readWhole(der: Buffer, tag: number): DerElement {
  const element = expectTag(readElement(der, 0), tag);
  if (element.end !== der.length) throw new RangeError("DER is followed by something");
  return element;
}

/** `element`, if it is there and has this tag; else RangeError. */
export function expectTag(element: DerElement | undefined, tag: number): DerElement {
  if (element?.tag !== tag) throw new RangeError("DER element of another kind than expected");
  return element;
}

export function contentsOf(der: Buffer, element: DerElement): Buffer {
  return der.subarray(element.start, element.end);
}

/** An object identifier's contents, in hexadecimal. */
export function identifierAt(der: Buffer, element: DerElement | undefined): string | undefined {
  return element?.tag === derTag.objectIdentifier ? der.toString("hex", element.start, element.end) : undefined;
}

/** X.690 §11.1: true is 0xFF, and DER leaves defaults out, but many write FALSE all the same. */
export function booleanAt(der: Buffer, element: DerElement): boolean {
  const octet = element.end - element.start === 1 ? der[element.start] : undefined;
  if (octet !== 0 && octet !== 0xff) throw new RangeError("DER boolean is neither true nor false");
  return octet === 0xff;
}

/** An INTEGER from 0 to 2^31 - 1. */
export function smallIntegerAt(der: Buffer, element: DerElement): number {
  const length = element.end - expectTag(element, derTag.integer).start;
  const value = length >= 1 && length <= 4 ? der.readIntBE(element.start, length) : -1;
  if (value < 0) throw new RangeError("DER integer is out of range");
  return value;
}
