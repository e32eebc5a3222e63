// How results look on a terminal: colours, tables, amounts in words.

export interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly good: (text: string) => string;
  readonly warning: (text: string) => string;
  readonly bad: (text: string) => string;
}

/** Plain text when there are no colours. */
export function makeStyle(hasColor: boolean): Style {
  const paint = (code: number) => (text: string) => (hasColor ? `\x1b[${code}m${text}\x1b[0m` : text);
  return { bold: paint(1), dim: paint(2), good: paint(32), warning: paint(33), bad: paint(31) };
}

/** Columns as wide as their widest cell. `none` is shown instead of a table without rows. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  none: string,
  style: Style,
): string {
  if (rows.length === 0) return none;
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => visibleLength(row[column] ?? ""))),
  );
  const line = (cells: readonly string[]) =>
    cells.map((cell, column) => cell + " ".repeat((widths[column] ?? 0) - visibleLength(cell))).join("  ").trimEnd(); // prettier-ignore
  return [style.dim(line(head)), ...rows.map(line)].join("\n");
}

function visibleLength(text: string): number {
  return text.replaceAll(/\x1b\[\d+m/g, "").length;
}

/** `3 d`, `2 h`, `5 min`, `12 s`: how long ago, one unit. */
export function duration(milliseconds: number): string {
  const units = [["d", 86_400_000], ["h", 3_600_000], ["min", 60_000]] as const; // prettier-ignore
  const [name, worth] = units.find(([, each]) => milliseconds >= each) ?? ["s", 1000];
  return `${Math.floor(Math.max(milliseconds, 0) / worth)} ${name}`;
}

/** `2026-11-23 13:05`, local time. */
export function date(milliseconds: number): string {
  return new Date(milliseconds).toLocaleString("sv-SE").slice(0, 16);
}

/** `1 account`, `2 accounts`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** What strangers wrote, line ends and all: nothing in it can steer the terminal or turn the direction of the rest. */
export function printable(text: string): string {
  return text.replaceAll(/(?!\n)[\p{Cc}\u202A-\u202E\u2066-\u2069]/gu, "\uFFFD");
}

/** Likewise, as a single line. */
export function oneLine(text: string): string {
  return printable(text.replaceAll(/\s*\n\s*/g, " "));
}
