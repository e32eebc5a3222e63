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

  /**
   * The element name at [nameStart, nameEnd) in the namespace written at [valueStart, valueEnd), or in `inherited` when
   * valueStart is -1. The bytes must stand for themselves: no references, no prefix, no white space but spaces.
   */
  find(
    bytes: Buffer,
    nameStart: number,
    nameEnd: number,
    valueStart: number,
    valueEnd: number,
    inherited: string,
  ): ChildName {
    const length = valueStart < 0 ? inherited.length : valueEnd - valueStart;
    const tail = valueStart < 0 ? inherited.charCodeAt(length - 1) : bytes[valueEnd - 1]!;
    const ofName = bytes[nameStart]! * 7 + bytes[nameEnd - 1]! * 31 + (nameEnd - nameStart) * 131;
    const slot = (ofName + length * 17 + tail * 3) & (SLOTS - 1);
    const known = this.#slots[slot];
    if (
      known !== undefined &&
      isWritten(known.name, bytes, nameStart, nameEnd) &&
      (valueStart < 0 ? known.namespace === inherited : isWritten(known.namespace, bytes, valueStart, valueEnd))
    ) {
      return known;
    }
    const namespace = valueStart < 0 ? inherited : bytes.toString("utf8", valueStart, valueEnd);
    const found = { namespace, name: bytes.toString("utf8", nameStart, nameEnd) };
    if (length + nameEnd - nameStart <= LONGEST_CACHED) this.#slots[slot] = found;
    return found;
  }
}

function isWritten(text: string, bytes: Buffer, start: number, end: number): boolean {
  if (text.length !== end - start) return false;
  for (let index = 0; index < text.length; index++) {
    if (text.charCodeAt(index) !== bytes[start + index]) return false;
  }
  return true;
}
