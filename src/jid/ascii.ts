// The fast path: one table look-up a character tells whether a text is plain ASCII that needs no Unicode rule at all.

/** What {@link scan} found, as bits. */
export const Found = { uppercase: 1, forbidden: 2, nonAscii: 4 } as const;

/** A table of 128 entries, one an ASCII character, with the bits of {@link Found}. */
export type AsciiTable = Uint8Array;

/** Makes a table in which exactly the characters that `isAllowed` are free of {@link Found.forbidden}. */
export function asciiTable(isAllowed: RegExp): AsciiTable {
  return Uint8Array.from({ length: 128 }, (_, code) => {
    const character = String.fromCharCode(code);
    return (isAllowed.test(character) ? 0 : Found.forbidden) | (/[A-Z]/.test(character) ? Found.uppercase : 0);
  });
}

/** The bits of every character of the text together: 0 means plain, allowed, lowercase ASCII. */
export function scan(text: string, table: AsciiTable): number {
  let found = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    found |= code < 128 ? (table[code] ?? 0) : Found.nonAscii;
  }
  return found;
}

const printable = asciiTable(/^[ -~]$/);

/** True if the text is printable ASCII, spaces included: OpaqueString and SASLprep leave such text as it is. */
export function isPrintable(text: string): boolean {
  return (scan(text, printable) & (Found.nonAscii | Found.forbidden)) === 0;
}
