// UTF-8 (RFC 6120 §11.6): whether bytes are it, and whether they hold characters that XML forbids.
import { isAscii, isUtf8 } from "node:buffer";

/** What complete text was found to be. */
export const ASCII = 0;
export const BEYOND_ASCII = 1;
/** U+FFFE or U+FFFF stand in it, which XML 1.0 §2.2 forbids. */
export const FORBIDDEN = 2;
export const NO_UTF8 = 3;

/** Judges the complete text in [start, end). */
export function judgeEncoding(bytes: Buffer, start: number, end: number): number {
  const text = bytes.subarray(start, end);
  if (isAscii(text)) return ASCII;
  if (!isUtf8(text)) return NO_UTF8;
  return hasNoncharacter(text) ? FORBIDDEN : BEYOND_ASCII;
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

function hasNoncharacter(text: Buffer): boolean {
  let index = text.indexOf(0xef);
  if (index < 0) return false;
  for (; index < text.length - 2; index++) {
    if (text[index] === 0xef && text[index + 1] === 0xbf && text[index + 2]! >= 0xbe) return true;
  }
  return false;
}
