// The names of a stanza's children, and the start tags among them that were judged before.
import { KnownTags, LONGEST_KNOWN } from "./known-tags.js";
import type { KnownTag } from "./known-tags.js";
import type { ReaderLimits } from "./limits.js";
import { NameCache } from "./names.js";
import type { ChildName } from "./names.js";
import { valueOf } from "./scope.js";
import type { Scope } from "./scope.js";
import { ATTRIBUTE_SIZE, NEEDS_UNESCAPE, VALUE_AT, VALUE_END } from "./tag.js";
import type { Tag } from "./tag.js";

// Memories of what was computed, without effect on what is answered: so they may be shared by all readers.
const names = new NameCache();
const knownTags = new KnownTags();

/** The tag whose name stands at `start`, if it is one that needs no judging again; `level` is 2 for children. */
export function recognise(
  bytes: Buffer,
  start: number,
  end: number,
  level: number,
  limits: ReaderLimits,
  contentNamespace: string,
): KnownTag | undefined {
  const known = knownTags.find(bytes, start, end);
  if (known === undefined) return undefined;
  if (known.nameLength > limits.nameLength || known.attributes > limits.attributes) return undefined;
  // The name matters for children only; of what is inside them the tag just has to be well-formed.
  const isSameName = level > 2 || !known.isInheriting || known.child.namespace === contentNamespace;
  return isSameName ? known : undefined;
}

/** The expanded name of the element whose judged tag ends at `after`. */
export function nameOfChild(bytes: Buffer, tag: Tag, after: number, scope: Scope, contentNamespace: string): ChildName {
  if (tag.colon >= 0) {
    const namespace = scope.resolve(bytes.toString("utf8", tag.nameStart, tag.colon)) ?? "";
    return names.find(bytes, tag.colon + 1, tag.nameEnd, namespace);
  }
  const child = unprefixedName(bytes, tag, contentNamespace);
  const attributes = tag.namespaceAt < 0 ? 0 : 1;
  const isSimple = tag.used === attributes * ATTRIBUTE_SIZE && !tag.hasPrefix;
  if (isSimple && after - tag.nameStart <= LONGEST_KNOWN) {
    const source = Buffer.from(bytes.subarray(tag.nameStart, after));
    const nameLength = tag.nameEnd - tag.nameStart;
    knownTags.add({ source, nameLength, attributes, isEmpty: tag.isEmpty, child, isInheriting: attributes === 0 });
  }
  return child;
}

/** The default namespace inside the element: what its tag declares, or what was so `around` it. */
export function innerNamespace(bytes: Buffer, tag: Tag, around: string): string {
  return tag.namespaceAt < 0 ? around : unprefixedName(bytes, tag, around).namespace;
}

function unprefixedName(bytes: Buffer, tag: Tag, contentNamespace: string): ChildName {
  const { nameStart, nameEnd, namespaceAt: at, attributes } = tag;
  if (at < 0) return names.find(bytes, nameStart, nameEnd, contentNamespace);
  if (attributes[at + NEEDS_UNESCAPE] !== 0) return names.find(bytes, nameStart, nameEnd, valueOf(bytes, tag, at));
  return names.findDeclared(bytes, nameStart, nameEnd, attributes[at + VALUE_AT]!, attributes[at + VALUE_END]!);
}
