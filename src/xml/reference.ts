// References (`&amp;`, `&#8364;`): where they end, whether they are allowed, what they stand for.
import { CLASSES, HASH, isLegalCodePoint, NAME, SEMICOLON } from "./characters.js";
import type { FaultCondition } from "./fault.js";

/** More bytes of the reference are needed. */
export const REFERENCE_INCOMPLETE = -1;
/** Not a reference at all, or one to a character that XML forbids. */
export const REFERENCE_MALFORMED = -2;
/** An entity that is not predefined (RFC 6120 §11.1). */
export const REFERENCE_RESTRICTED = -3;
/** Longer than any sensible reference: only leading zeros or an entity's name can make it so long. */
export const REFERENCE_TOO_LONG = -4;

const LONGEST_REFERENCE = 40;

/** The index after the reference that begins at `at` (its `&`), or one of the negative codes above. */
export function endOfReference(bytes: Uint8Array, at: number, end: number): number {
  const last = Math.min(end, at + LONGEST_REFERENCE);
  for (let index = at + 1; index < last; index++) {
    const byte = bytes[index]!;
    if (byte === SEMICOLON) return isPredefined(bytes, at + 1, index) ? index + 1 : judge(bytes, at + 1, index);
    if (!isPartOfReference(bytes, at, index)) return REFERENCE_MALFORMED;
  }
  return last === end && end < at + LONGEST_REFERENCE ? REFERENCE_INCOMPLETE : REFERENCE_TOO_LONG;
}

/** The byte at which the faulty reference at `at` was found to be one. */
export function lastOfReference(bytes: Uint8Array, at: number): number {
  let index = at + 1;
  while (index < at + LONGEST_REFERENCE - 1 && isPartOfReference(bytes, at, index)) index++;
  return index;
}

function isPartOfReference(bytes: Uint8Array, at: number, index: number): boolean {
  const byte = bytes[index]!;
  return (CLASSES[byte]! & NAME) !== 0 || (byte === HASH && index === at + 1);
}

const [LT, GT, AMP, QUOT, APOS] = [0x6c74, 0x6774, 0x616d70, 0x71756f74, 0x61706f73];

function isPredefined(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start > 4) return false;
  let packed = 0;
  for (let index = start; index < end; index++) packed = (packed << 8) | bytes[index]!;
  return packed === AMP || packed === LT || packed === GT || packed === QUOT || packed === APOS;
}

function judge(bytes: Uint8Array, start: number, end: number): number {
  const name = String.fromCharCode(...bytes.subarray(start, end));
  if (/^[^\d.#-]/.test(name)) return REFERENCE_RESTRICTED;
  const point = codePoint(name);
  return point !== undefined && isLegalCodePoint(point) ? end + 1 : REFERENCE_MALFORMED;
}

function codePoint(name: string): number | undefined {
  if (/^#x[\da-fA-F]+$/.test(name)) return Number.parseInt(name.slice(2), 16);
  if (/^#\d+$/.test(name)) return Number.parseInt(name.slice(1), 10);
  return undefined;
}

/** The fault behind one of the negative codes other than REFERENCE_INCOMPLETE. */
export function referenceFault(code: number): [FaultCondition, string] {
  if (code === REFERENCE_RESTRICTED) return ["restricted-xml", "Only the five predefined entities may be referred to."];
  if (code === REFERENCE_TOO_LONG) return ["policy-violation", "A reference is too long."];
  return ["not-well-formed", "Malformed reference, or a reference to a character that XML forbids."];
}

const PREDEFINED = new Map([
  ["lt", "<"],
  ["gt", ">"],
  ["amp", "&"],
  ["quot", '"'],
  ["apos", "'"],
]);

function resolve(reference: string): string {
  const name = reference.slice(1, -1);
  return PREDEFINED.get(name) ?? String.fromCodePoint(codePoint(name) ?? 0xfffd);
}

/** Text with its references resolved and its line ends as line feeds (XML 1.0 §2.11); `source` was validated before. */
export function unescapeText(source: string): string {
  const text = source.includes("\r") ? source.replace(/\r\n?/g, "\n") : source;
  return text.includes("&") ? text.replace(/&[^;]+;/g, resolve) : text;
}

/** An attribute's value: references resolved, white space normalised (XML 1.0 §3.3.3). */
export function unescapeValue(source: string): string {
  const value = /[\t\n\r]/.test(source) ? source.replace(/\r\n|[\t\n\r]/g, " ") : source;
  return value.includes("&") ? value.replace(/&[^;]+;/g, resolve) : value;
}
