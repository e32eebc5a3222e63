// Names of elements as shared objects: the few pairs of namespace and name that traffic is made of exist once.

/** The expanded name of an element. */
export interface ChildName {
  readonly namespace: string;
  readonly name: string;
}

const SLOTS = 1024;
const LONGEST_CACHED = 120;

/** A bounded memory of expanded names, found by the bytes they were written with; a newcomer takes its slot's place. */
export class NameCache {
  readonly #slots: (ChildName | undefined)[] = new Array<ChildName | undefined>(SLOTS).fill(undefined);

  /** The name whose UTF-8 stands at [start, end), in `namespace`. */
  find(bytes: Buffer, start: number, end: number, namespace: string): ChildName {
    const slot = slotOf(bytes, start, end, namespace.length);
    const known = this.#slots[slot];
    if (known?.namespace === namespace && isWritten(known.name, bytes, start, end)) return known;
    return this.#add(slot, { namespace, name: bytes.toString("utf8", start, end) });
  }

  /** The same with a namespace that stands at [from, to), without references or white space but spaces. */
  findDeclared(bytes: Buffer, start: number, end: number, from: number, to: number): ChildName {
    const slot = slotOf(bytes, start, end, to - from);
    const known = this.#slots[slot];
    const isKnown = known && isWritten(known.name, bytes, start, end) && isWritten(known.namespace, bytes, from, to);
    if (isKnown) return known;
    const namespace = bytes.toString("utf8", from, to);
    return this.#add(slot, { namespace, name: bytes.toString("utf8", start, end) });
  }

  #add(slot: number, found: ChildName): ChildName {
    if (found.namespace.length + found.name.length <= LONGEST_CACHED) this.#slots[slot] = found;
    return found;
  }
}

function slotOf(bytes: Buffer, start: number, end: number, namespaceLength: number): number {
  return (bytes[start]! * 7 + bytes[end - 1]! * 31 + (end - start) * 131 + namespaceLength * 17) & (SLOTS - 1);
}

function isWritten(text: string, bytes: Buffer, start: number, end: number): boolean {
  if (text.length !== end - start) return false;
  for (let index = 0; index < text.length; index++) {
    if (text.charCodeAt(index) !== bytes[start + index]) return false;
  }
  return true;
}
