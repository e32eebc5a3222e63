// The reader against sax (strict, with namespaces) and saxes: the same verdicts, the same trees, however bytes are cut.
// FUZZ_SECONDS=60 and FUZZ_SEED=1 in the environment make it run longer, or along another path.
import assert from "node:assert/strict";
import { isUtf8 } from "node:buffer";
import { test } from "node:test";
import fc from "fast-check";
import { assertConsistent } from "./consistency.js";
import { damaged, soup, stanzas } from "./generators.js";
import { judgeWithSax, judgeWithSaxes, treeOf, asSaxSees } from "./oracle.js";
import type { Tree, Verdict } from "./oracle.js";
import { HEADER, read } from "./transcript.js";
import type { Transcript } from "./transcript.js";

const seed = Number(process.env["FUZZ_SEED"] ?? 1597);
const seconds = Number(process.env["FUZZ_SECONDS"] ?? 1);
const limits = { stanzaBytes: 1_000_000, depth: 1000, attributes: 1000, nameLength: 10_000 };
const CLOSING = "</stream:stream>";

const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 });

/** Runs `check` on what `input` generates, for about the time allowed. */
function fuzz(title: string, input: fc.Arbitrary<Buffer>, runs: number): void {
  test(`${title} (seed ${seed}, ${runs * seconds} inputs)`, () => {
    fc.assert(
      fc.property(input, sizes, (bytes, cuts) => check(bytes, cuts)),
      { seed, numRuns: Math.ceil(runs * seconds) },
    );
  });
}

fuzz(
  "stanzas in every spelling",
  stanzas.map((it) => Buffer.from(it)),
  500,
);
fuzz("damaged stanzas", damaged, 600);
fuzz("soups of tokens", soup, 2000);

function check(inside: Buffer, cuts: readonly number[]): void {
  const stream = Buffer.concat([Buffer.from(HEADER), inside, Buffer.from(CLOSING)]);
  const whole = read(stream, Infinity, limits);
  assert.deepEqual(read(stream, 1, limits).lines, whole.lines, "byte by byte");
  assert.deepEqual(read(stream, cuts, limits).lines, whole.lines, `in pieces of ${cuts.join()}`);
  if (!isUtf8(inside)) assertRefused(whole);
  else compare(untilClosing(stream, whole), whole);
}

function assertRefused(transcript: Transcript): void {
  // A closing tag inside ends the stream, and what follows is not read.
  const last = transcript.lines.at(-1) ?? "";
  assert.ok(last.startsWith("fault ") || last === "close" || isUnfinished(transcript));
}

/** Whether the input ended inside something: its closing tag was read as part of it. */
function isUnfinished(transcript: Transcript): boolean {
  const last = transcript.lines.at(-1) ?? "";
  return last !== "close" && !last.startsWith("fault ");
}

/** The reader takes no notice of what follows a closing tag, the others refuse it. */
function untilClosing(stream: Buffer, transcript: Transcript): string {
  if (transcript.lines.at(-1) !== "close") return stream.toString();
  for (let length = stream.indexOf(CLOSING); length < stream.length; length++) {
    const begin = stream.subarray(0, length);
    if (read(begin, Infinity, limits).lines.at(-1) === "close") return begin.toString();
  }
  return stream.toString();
}

function compare(document: string, transcript: Transcript): void {
  const trees = transcript.fragments.map((fragment) => treeOf(fragment.element()));
  transcript.fragments.forEach(assertConsistent);
  const bySax = judgeWithSax(document);
  const isAccepted = transcript.lines.at(-1) === "close";
  if (isAccepted && bySax.isAccepted) assert.deepEqual(trees.map(asSaxSees), bySax.elements.map(asSaxSees));
  if (!hasPaddedNamespace(document)) compareWithBoth(document, transcript, trees, bySax);
}

function compareWithBoth(document: string, transcript: Transcript, trees: Tree[], bySax: Verdict): void {
  const bySaxes = judgeWithSaxes(document);
  if (transcript.lines.at(-1) === "close") {
    assert.ok(bySaxes.isAccepted && (bySax.isAccepted || hasAstralName(document)), "only the reader accepts");
    assert.ok(!bySaxes.hasRestricted && !bySaxes.hasTextBetween, "what RFC 6120 restricts was accepted");
    assert.deepEqual(trees, bySaxes.elements);
    return;
  }
  assert.deepEqual(trees, bySaxes.elements.slice(0, trees.length));
  if (isUnfinished(transcript)) assert.ok(!bySax.isAccepted && !bySaxes.isAccepted, "only the reader waits for more");
  else assertRightfullyRefused(transcript.lines.at(-1), document, bySax, bySaxes);
}

/** sax checks less than XML asks for, saxes all of it: what saxes accepts is refused only for what RFC 6120 restricts. */
function assertRightfullyRefused(fault: string | undefined, document: string, bySax: Verdict, bySaxes: Verdict): void {
  if (!bySaxes.isAccepted || (fault === "fault not-well-formed" && hasMalformedLocalName(document))) return;
  // A reference to white space is text between stanzas, too, which the others tell as white space.
  const hasTextBetween = bySaxes.hasTextBetween || /&#(9|10|13|32|x9|xA|xD|x20);/i.test(document);
  const expected = { "fault restricted-xml": bySaxes.hasRestricted, "fault bad-format": hasTextBetween };
  assert.ok(
    Object.entries(expected).some(([line, isSo]) => line === fault && isSo),
    `only the reader says ${fault}`,
  );
  assert.ok(bySax.hasRestricted || hasTextBetween || !bySax.isAccepted);
}

/** Whether a namespace begins or ends with white space, which saxes takes away. */
function hasPaddedNamespace(document: string): boolean {
  return [...document.matchAll(/xmlns[^=]*=\s*(?:"([^"]*)"|'([^']*)')/g)].some(([, double, single]) => {
    const value = (double ?? single ?? "").replace(/&#(?:9|10|13|32|x9|xA|xD|x20);/gi, " ");
    return value.trim() !== value;
  });
}

/** Whether a colon is followed by what cannot begin a name: Namespaces in XML 1.0 §4 forbids it, saxes does not check. */
function hasMalformedLocalName(document: string): boolean {
  return /:[-.\d\u00B7\u0300-\u036F\u203F\u2040]/.test(document);
}

/** sax knows names of the basic plane only. */
function hasAstralName(document: string): boolean {
  return /[\u{10000}-\u{EFFFF}]/u.test(document);
}
