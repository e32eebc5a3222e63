// Just enough of ASN.1 DER (X.690) to find one field in a certificate.

/** One element: its tag octet and where its contents lie. */
export interface DerElement {
  readonly tag: number;
  readonly start: number;
  readonly end: number;
}

export const derTag = { objectIdentifier: 0x06, sequence: 0x30, firstContext: 0xa0 } as const;

/** Reads the element at `offset`. Throws RangeError when it does not lie within `der`. */
export function readElement(der: Buffer, offset: number): DerElement {
  const tag = der.readUInt8(offset);
  const first = der.readUInt8(offset + 1);
  const lengthOctets = first < 0x80 ? 0 : first & 0x7f;
  const length = lengthOctets === 0 ? first : der.readUIntBE(offset + 2, lengthOctets);
  const start = offset + 2 + lengthOctets;
  if (start + length > der.length) throw new RangeError("DER element reaches past the end");
  return { tag, start, end: start + length };
}

/** The elements inside a constructed one. */
export function readChildren(der: Buffer, parent: DerElement): DerElement[] {
  const children: DerElement[] = [];
  for (let offset = parent.start; offset < parent.end;) {
    const child = readElement(der, offset);
    children.push(child);
    offset = child.end;
  }
  return children;
}

/** An object identifier's contents, in hexadecimal. */
export function identifierAt(der: Buffer, element: DerElement | undefined): string | undefined {
  return element?.tag === derTag.objectIdentifier ? der.toString("hex", element.start, element.end) : undefined;
}
