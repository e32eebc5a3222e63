// One archive of the memory driver.
import { beforeTime, boundsOf, positionsOfMillisecond } from "../archive-order.js";
import type { ArchiveRow, RangeCells } from "../engine.js";

interface ArchivedRow {
  readonly position: number;
  row: ArchiveRow;
}

export class MemoryArchive {
  /** By id, in order. */
  readonly #rows = new Map<string, ArchivedRow>();
  #latest = -Infinity;

  /** False when the id is taken. */
  append(row: ArchiveRow): boolean {
    const [id, at] = row;
    if (this.#rows.has(id)) return false;
    const position = (this.#latest = Math.max(at * positionsOfMillisecond, this.#latest + 1));
    this.#rows.set(id, { position, row });
    return true;
  }

  get(id: string): ArchiveRow | undefined {
    return this.#rows.get(id)?.row;
  }

  replace(id: string, stanza: string): boolean {
    const found = this.#rows.get(id);
    if (found === undefined) return false;
    const [, at, partner] = found.row;
    found.row = [id, at, partner, stanza];
    return true;
  }

  rowsIn(range: RangeCells): readonly ArchiveRow[] {
    const { low, high } = boundsOf(range, (id) => this.#rows.get(id)?.position);
    const partner = range[4];
    const rows = [...this.#rows.values()].filter(({ position }) => position > low && position < high);
    return rows.map(({ row }) => row).filter((row) => partner === "" || row[2] === partner);
  }

  trim(keep: number, since: number): number {
    const all = [...this.#rows.values()];
    const surplus = all.filter(({ position }, index) => index < all.length - keep || position <= beforeTime(since));
    for (const { row } of surplus) this.#rows.delete(row[0]);
    this.#latest = all.length > surplus.length ? this.#latest : -Infinity;
    return surplus.length;
  }
}
