// Whether text is ASCII: then it goes to a socket as it lies in memory, without being encoded.

const ascii = /^[\x00-\x7f]*$/;

export function isAscii(text: string): boolean {
  return ascii.test(text);
}
