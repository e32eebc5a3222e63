// Derived properties of code points: which of them PRECIS (RFC 8264 §8) and IDNA2008 (RFC 5892 §3) allow, and where.
// They are computed from the Unicode properties of the running Node, so they follow its Unicode version (RFC 8264 §1).

/** What the classes of RFC 8264 say of a code point. */
export const Property = {
  /** Allowed everywhere (PVALID). */
  valid: 1,
  /** Allowed in the FreeformClass only (ID_DIS or FREE_PVAL). */
  freeformOnly: 2,
  /** Allowed where its rule is kept (CONTEXTJ, CONTEXTO). */
  contextual: 3,
  /** Never allowed (DISALLOWED, UNASSIGNED). */
  disallowed: 4,
} as const;

// RFC 8264 §9.6 and RFC 5892 §2.6 have the same exceptions.
const validByException = "\\u00DF\\u03C2\\u06FD\\u06FE\\u0F0B\\u3007";
const contextual = "\\u00B7\\u0375\\u05F3\\u05F4\\u30FB\\u0660-\\u0669\\u06F0-\\u06F9\\u200C\\u200D";
const disallowedByException = "\\u0640\\u07FA\\u302E\\u302F\\u3031-\\u3035\\u303B";
const oldHangulJamo = "\\u1100-\\u11FF\\uA960-\\uA97C\\uD7B0-\\uD7C6\\uD7CB-\\uD7FB"; // RFC 8264 §9.9, RFC 5892 §2.9
const ignorable = "\\p{Default_Ignorable_Code_Point}\\p{Noncharacter_Code_Point}"; // RFC 8264 §9.13
const lettersAndDigits = "\\p{Ll}\\p{Lu}\\p{Lo}\\p{Nd}\\p{Lm}\\p{Mn}\\p{Mc}"; // RFC 8264 §9.1
const freeform = "\\p{Lt}\\p{Nl}\\p{No}\\p{Me}\\p{Zs}\\p{S}\\p{P}"; // RFC 8264 §§9.14–9.18
const ignorableBlocks = "\\u20D0-\\u20FF\\u{1D100}-\\u{1D1FF}\\u{1D200}-\\u{1D24F}"; // RFC 5892 §2.4

const isValidByException = new RegExp(`^[${validByException}]$`, "u");
const isContextual = new RegExp(`^[${contextual}]$`, "u");
const isAscii = /^[!-~]$/u;
const isDisallowedEarly = new RegExp(`^[\\p{Cn}\\p{Cc}${disallowedByException}${oldHangulJamo}${ignorable}]$`, "u");
const isLetterOrDigit = new RegExp(`^[${lettersAndDigits}]$`, "u");
const isFreeform = new RegExp(`^[${freeform}]$`, "u");

/** The derived property of a character, by the algorithm of RFC 8264 §8 and in its order. */
function derive(character: string): number {
  if (isValidByException.test(character)) return Property.valid;
  if (isContextual.test(character)) return Property.contextual;
  if (isAscii.test(character)) return Property.valid;
  if (isDisallowedEarly.test(character)) return Property.disallowed;
  if (character.normalize("NFKC") !== character) return Property.freeformOnly; // HasCompat, §9.17
  if (isLetterOrDigit.test(character)) return Property.valid;
  return isFreeform.test(character) ? Property.freeformOnly : Property.disallowed;
}

/** Remembers what {@link derive} said: one octet for each code point of the first two planes. */
class DerivedProperties {
  readonly #known = new Uint8Array(0x20000);

  of(character: string): number {
    const codePoint = character.codePointAt(0) ?? 0;
    const known = this.#known[codePoint];
    if (known !== 0 && known !== undefined) return known;
    const property = derive(character);
    this.#known[codePoint] = property; // beyond the array this is without effect
    return property;
  }
}

const derivedProperties = new DerivedProperties();

/** The derived property of one character, a {@link Property} (a whole code point; a lone surrogate is disallowed). */
export function propertyOf(character: string): number {
  return derivedProperties.of(character);
}

// RFC 5892 §3: what changes under NFKC or case folding (Unstable, §2.2) is out, except for the exceptions.
const isDisallowedInLabel = `[\\p{Changes_When_NFKC_Casefolded}\\p{White_Space}${disallowedByException}${oldHangulJamo}${ignorable}${ignorableBlocks}]`;

/** Matches the first character that IDNA2008 allows nowhere in a label; contextual ones are not looked at. */
export const disallowedInLabel = new RegExp(
  `(?![-0-9a-z${validByException}${contextual}])(?:${isDisallowedInLabel}|[^${lettersAndDigits}])`,
  "u",
);

/** Matches a text that holds a character whose place a contextual rule governs. */
export const hasContextual = new RegExp(`[${contextual}]`, "u");
