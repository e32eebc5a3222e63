// JidMalformed: the one error that every preparation in this folder throws.

/** The part of an address that a {@link JidMalformed} speaks of; "address" when it is about the whole. */
export type JidPart = "local" | "domain" | "resource" | "address";

/** An address that RFC 7622 does not allow; on a stream it becomes the stanza error `jid-malformed` (RFC 6120 §8.3.3.8). */
export class JidMalformed extends Error {
  override readonly name = "JidMalformed";

  /**
   * @param part which part is at fault
   * @param reason what is wrong with it, as the end of a sentence ("is empty"); never quotes the text itself
   */
  constructor(
    readonly part: JidPart,
    readonly reason: string,
  ) {
    super(part === "address" ? `The address ${reason}.` : `The ${part} part of the address ${reason}.`);
  }
}

/** Text that a PRECIS or stringprep profile does not allow (a password, for example). */
export class TextRefused extends Error {
  override readonly name = "TextRefused";

  /** @param reason what is wrong with it, as the end of a sentence ("contains U+0000"); never quotes the whole text */
  constructor(readonly reason: string) {
    super(`The text ${reason}.`);
  }
}

/** Runs a profile for one part of an address and gives its refusal the name of that part. */
export function refusedAs(part: JidPart, prepare: () => string): string {
  try {
    return prepare();
  } catch (error) {
    if (error instanceof TextRefused) throw new JidMalformed(part, error.reason);
    throw error;
  }
}

/** "U+00B7" for a character, for the reason of a refusal. */
export function codePointName(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}
