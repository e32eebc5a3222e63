// UTF-8 (RFC 6120 §11.6): whether bytes are it, and whether they hold characters that XML forbids.
import { isAscii, isUtf8 } from "node:buffer";

/** Whether every byte in [start, end) is ASCII. */
export function isAsciiBetween(bytes: Buffer, start: number, end: number): boolean {
  return isAscii(bytes.subarray(start, end));
}

/** Whether [start, end) may be the beginning of well-formed UTF-8: the last character may be incomplete. */
export function mayBecomeUtf8(bytes: Buffer, start: number, end: number): boolean {
  return isUtf8(bytes.subarray(start, endOfCharacters(bytes, start, end)));
}

/** The end of the last complete character in [start, end), supposing that it is UTF-8. */
export function endOfCharacters(bytes: Buffer, start: number, end: number): number {
  for (let back = 1; back <= 3 && end - back >= start; back++) {
    const byte = bytes[end - back]!;
    if (byte < 0x80) return end;
    if (byte >= 0xc2 && byte <= 0xf4) return lengthOf(byte) > back ? end - back : end;
  }
  return end;
}

function lengthOf(lead: number): number {
  return lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
}

/** Whether [start, end) is UTF-8 from its first character to its last. */
export function isUtf8Between(bytes: Buffer, start: number, end: number): boolean {
  return isUtf8(bytes.subarray(start, end));
}

/** Whether a byte can begin a character in UTF-8. */
export function beginsCharacter(byte: number): boolean {
  return byte < 0x80 || (byte >= 0xc2 && byte <= 0xf4);
}

/** Whether U+FFFE or U+FFFF, which XML 1.0 §2.2 forbids, stand in the UTF-8 of [start, end). */
export function hasNoncharacter(bytes: Buffer, start: number, end: number): boolean {
  const part = bytes.subarray(start, end);
  let index = part.indexOf(0xef);
  if (index < 0) return false;
  for (; index < part.length - 2; index++) {
    if (part[index] === 0xef && part[index + 1] === 0xbf && part[index + 2]! >= 0xbe) return true;
  }
  return false;
}
