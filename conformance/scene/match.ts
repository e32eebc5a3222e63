// Compares what arrived with what a scene expects: Scansion's rules, and a few more placeholders.
import { elementsIn, NS, serialize, textOf, type XmlElement } from "../xml/element.js";

/** Why it does not match, in words, or what was captured on the way. */
export type MatchResult = { readonly mismatch: string } | { readonly captures: ReadonlyMap<string, string> };

const strictMark = `{${NS.scansion}}strict`;
const absentMark = `{${NS.scansion}}absent`;

/**
 * Matches by Scansion's rules: leniently (more attributes and children may be there, in any order) in the content
 * namespaces, strictly in all others, unless `scansion:strict` says otherwise for an element and what is inside it.
 */
export function match(expected: XmlElement, actual: XmlElement): MatchResult {
  const captures = new Map<string, string>();
  const mismatch = compare(expected, actual, isStrictByNature(expected), captures);
  return mismatch === undefined ? { captures } : { mismatch };
}

type Captures = Map<string, string>;

function compare(expected: XmlElement, actual: XmlElement, inherited: boolean, captures: Captures): string | undefined {
  if (expected.name !== actual.name) return `expected <${expected.name}/>, not <${actual.name}/>`;
  if (expected.namespace !== actual.namespace) {
    return `<${expected.name}/> is expected in the namespace ${expected.namespace}, not ${actual.namespace}`;
  }
  const isStrict = strictnessOf(expected) ?? inherited;
  return (
    compareAttributes(expected, actual, isStrict, captures) ??
    compareText(expected, actual, isStrict, captures) ??
    compareChildren(expected, actual, isStrict, captures)
  );
}

function compareAttributes(expected: XmlElement, actual: XmlElement, isStrict: boolean, captures: Captures) {
  const wanted = [...expected.attributes].filter(([name]) => name !== strictMark && name !== absentMark);
  for (const [name, pattern] of wanted) {
    const value = actual.attributes.get(name);
    if (!isValueMatch(pattern, value, captures)) {
      return `<${expected.name}/> should have ${name}='${pattern}', not ${value === undefined ? "none" : `'${value}'`}`;
    }
  }
  const extra = [...actual.attributes.keys()].find((name) => !expected.attributes.has(name));
  return isStrict && extra !== undefined ? `<${expected.name}/> has an unexpected attribute ${extra}` : undefined;
}

function compareText(expected: XmlElement, actual: XmlElement, isStrict: boolean, captures: Captures) {
  const [pattern, value] = [textOf(expected).trim(), textOf(actual).trim()];
  if (pattern === "" && (!isStrict || value === "")) return undefined;
  if (isValueMatch(pattern, value, captures)) return undefined;
  return `<${expected.name}/> should contain '${pattern}', not '${value}'`;
}

function compareChildren(expected: XmlElement, actual: XmlElement, isStrict: boolean, captures: Captures) {
  const candidates = elementsIn(actual);
  const wanted = elementsIn(expected);
  for (const child of wanted) {
    const isAbsent = child.attributes.get(absentMark) === "true";
    const strictness = isOfContent(child.namespace) || child.namespace === expected.namespace ? isStrict : true;
    const problem = take(child, candidates, isAbsent ? false : strictness, isStrict && !isAbsent, captures);
    if (isAbsent && problem === undefined) return `<${child.name}/> should not be in <${expected.name}/>`;
    if (!isAbsent && problem !== undefined) return problem;
  }
  if (!isStrict || candidates.length === 0) return undefined;
  return `<${expected.name}/> has an unexpected child ${serialize(candidates[0] ?? actual, actual.namespace)}`;
}

/** Removes the child that matches from the candidates; in order, only the first one may. Says why none does. */
function take(child: XmlElement, candidates: XmlElement[], isStrict: boolean, isOrdered: boolean, captures: Captures) {
  let problem = `<${child.name}/> is missing`;
  for (const [index, candidate] of (isOrdered ? candidates.slice(0, 1) : candidates).entries()) {
    const found: Captures = new Map();
    const mismatch = compare(child, candidate, isStrict, found);
    if (mismatch === undefined) {
      candidates.splice(index, 1);
      for (const [name, value] of found) captures.set(name, value);
      return undefined;
    }
    if (candidate.name === child.name || isOrdered) problem = mismatch;
  }
  return problem;
}

const placeholder = /\{scansion:(any|none|datetime|integer|capture:[\w-]+)\}/;

/** Whether a value is what the pattern says; a placeholder may stand inside a longer text. */
function isValueMatch(pattern: string, value: string | undefined, captures: Captures): boolean {
  if (pattern === "{scansion:none}") return value === undefined;
  if (value === undefined) return false;
  const other = /^\{scansion:not:(.*)\}$/s.exec(pattern);
  if (other) return value !== other[1];
  const names: string[] = [];
  const parts = pattern.split(new RegExp(placeholder, "g"));
  const expression = parts.map((part, index) => (index % 2 === 0 ? quote(part) : expressionOf(part, names)));
  const found = new RegExp(`^${expression.join("")}$`, "su").exec(value);
  names.forEach((name, index) => captures.set(name, found?.[index + 1] ?? ""));
  return found !== null;
}

function expressionOf(kind: string, names: string[]): string {
  if (kind === "datetime") return "-?\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?(?:Z|[+-]\\d\\d:\\d\\d)"; // XEP-0082
  if (kind === "integer") return "\\d+";
  if (!kind.startsWith("capture:")) return ".*";
  names.push(kind.slice("capture:".length));
  return "(.*)";
}

function quote(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

function strictnessOf(element: XmlElement): boolean | undefined {
  const mark = element.attributes.get(strictMark);
  return mark === undefined ? undefined : mark === "true";
}

function isStrictByNature(element: XmlElement): boolean {
  return strictnessOf(element) ?? !isOfContent(element.namespace);
}

const content: readonly string[] = [NS.client, NS.server, NS.component, NS.dialback, NS.stream, NS.framing];

function isOfContent(namespace: string): boolean {
  return content.includes(namespace);
}
