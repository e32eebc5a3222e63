// One account of the memory driver, with all it owns.
import type { AccountRow, EntryRow, OfflineRow, RosterRow, StateRow } from "../engine.js";

interface StoredMessage {
  readonly row: OfflineRow;
  readonly bytes: number;
}

export class MemoryAccount {
  rosterVersion = 0;
  rosterRemovalVersion = 0;
  readonly roster = new Map<string, RosterRow>();
  readonly requests = new Map<string, string>();
  #messages: StoredMessage[] = [];
  #bytes = 0;
  readonly #values = new Map<string, Map<string, string>>();

  constructor(public row: AccountRow) {}

  /** False when the quota leaves no room. */
  append(stanza: string, mostMessages: number, mostBytes: number, row: () => OfflineRow): boolean {
    const bytes = Buffer.byteLength(stanza);
    if (this.#messages.length >= mostMessages || this.#bytes + bytes > mostBytes) return false;
    this.#messages.push({ row: row(), bytes });
    this.#bytes += bytes;
    return true;
  }

  get offline(): readonly OfflineRow[] {
    return this.#messages.map(({ row }) => row);
  }

  removeThrough(sequence: number): void {
    this.#messages = this.#messages.filter(({ row }) => row[0] > sequence);
    this.#bytes = this.#messages.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  values(store: string): Map<string, string> {
    const values = this.#values.get(store) ?? new Map<string, string>();
    this.#values.set(store, values);
    return values;
  }

  state(hot: readonly string[]): StateRow {
    const values = hot.flatMap((store) => entriesOf(this.values(store)).map((entry) => [store, ...entry] as const));
    const roster = [...this.roster.values()].sort((one, other) => compareText(one[0], other[0]));
    return [this.row, this.rosterVersion, this.rosterRemovalVersion, roster, [...this.requests], values];
  }
}

/** Ordered by name. */
export function entriesOf(values: ReadonlyMap<string, string>): readonly EntryRow[] {
  return [...values].sort(([one], [other]) => compareText(one, other));
}

/** By code point, as databases do; JavaScript's own order is by UTF-16 unit. */
export function compareText(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}
