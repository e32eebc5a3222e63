// Copies of strings that keep nothing else alive.

const scratch = Buffer.allocUnsafeSlow(2 * 3071); // the longest address that is read, see jid.ts

/**
 * A copy of the text with its own storage. A slice of a string keeps the whole string alive, and addresses are mostly
 * slices of what a socket brought: without the copy, one remembered address would hold on to kilobytes.
 */
export function independent(text: string): string {
  if (text.length * 2 > scratch.length) return structuredClone(text);
  // One octet a character if that suffices, for V8 stores such strings in half the space.
  const encoding = /[^\0-\xFF]/.test(text) ? "utf16le" : "latin1";
  return scratch.toString(encoding, 0, scratch.write(text, 0, encoding));
}
