// What must hold of every fragment, whatever it was made of.
import assert from "node:assert/strict";
import { serialise } from "../../src/xml/element.js";
import { escapeAttribute } from "../../src/xml/escape.js";
import type { Fragment } from "../../src/xml/fragment.js";
import { readFrame } from "../../src/xml/frame.js";
import { treeOf } from "./oracle.js";
import type { Tree } from "./oracle.js";

const LIMITS = { stanzaBytes: 1_000_000, depth: 1000, attributes: 1000, nameLength: 10_000 };
const LANG = "{http://www.w3.org/XML/1998/namespace}lang";

/** What a fragment says without its tree is what its tree says; written again, by either road, it is the same. */
export function assertConsistent(fragment: Fragment): void {
  const tree = treeOf(fragment.element());
  assertSaysTheSame(fragment, tree);
  assert.deepEqual(treeOf(readFrame(rewritten(fragment), LIMITS).element()), tree);
  assert.deepEqual(treeOf(readFrame(serialise(fragment.element()), LIMITS).element()), tree);
}

function assertSaysTheSame(fragment: Fragment, tree: Tree): void {
  assert.equal(`{${fragment.namespace}}${fragment.name}`, tree.name);
  const children = tree.children.filter((child) => typeof child !== "string").map(({ name }) => name);
  assert.deepEqual(
    fragment.children.map(({ namespace, name }) => `{${namespace}}${name}`),
    children,
  );
  const texts = tree.children.filter((child) => typeof child === "string");
  assert.ok(fragment.hasText || texts.every((text) => /^[ \t\r\n]*$/.test(text)));
  const values = new Map(tree.attributes);
  const { to, from, type, id, lang } = fragment;
  const expected = ["{}to", "{}from", "{}type", "{}id", LANG].map((name) => values.get(name));
  assert.deepEqual([to, from, type, id, lang], expected);
}

/** The source text with a new start tag, as routing forwards it. */
function rewritten(fragment: Fragment): string {
  const { prefix, name, to, from, type, id, lang, contentNamespace, declarations, otherAttributes } = fragment;
  const tag = prefix === "" ? name : `${prefix}:${name}`;
  const known = Object.entries({ to, from, type, id, "xml:lang": lang, xmlns: contentNamespace })
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escapeAttribute(value ?? "")}"`);
  return `<${tag}${known.join("")}${declarations}${otherAttributes}>${fragment.content}</${tag}>`;
}
