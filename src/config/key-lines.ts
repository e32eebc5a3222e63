// Finds the line on which a key of a TOML text stands: smol-toml gives values without positions.
import { parse } from "smol-toml";

/** Keys and, for arrays of tables, indexes: ["listeners", 0, "port"]. */
export type KeyPath = readonly (string | number)[];

/** Returns a lookup of lines (from 1): the key's own, or that of the nearest table around it. The text is valid TOML. */
export function findKeyLines(text: string): (path: KeyPath) => number {
  const scan = new Scan(text);
  scan.run();
  return (path) => {
    for (let length = path.length; length > 0; length--) {
      const line = scan.lines.get(JSON.stringify(path.slice(0, length)));
      if (line !== undefined) return line;
    }
    return 1;
  };
}

/** As it is read in the file: hosts."example.org".certificate, listeners[0].port. */
export function formatKeyPath(path: KeyPath): string {
  return path.map(formatPart).join("");
}

function formatPart(part: string | number, place: number): string {
  if (typeof part === "number") return `[${part}]`;
  return (place === 0 ? "" : ".") + formatKey(part);
}

/** A key as TOML writes it: bare when it can be, else quoted. */
export function formatKey(key: string): string {
  return /^[\w-]+$/.test(key) ? key : JSON.stringify(key);
}

const STRINGS = [/"""(?:[^\\]|\\[^])*?"{3,5}/y, /'''[^]*?'{3,5}/y, /"(?:[^"\\\n]|\\.)*"/y, /'[^'\n]*'/y];
const SPACE = /(?:[ \t\r\n]|#[^\n]*)*/y;
const BLANK = /[ \t]*/y;
const BARE = /[\w-]+/y;
const COMMENT = /#[^\n]*/y;

function unquote(quoted: string): string {
  const { key } = quoted === "" ? { key: "" } : parse(`key = ${quoted}`);
  return typeof key === "string" ? key : "";
}

/** One walk over the statements of the text; values are skipped, not read. */
class Scan {
  readonly lines = new Map<string, number>();
  /** How many tables each array of tables has so far. */
  readonly #counts = new Map<string, number>();
  #at = 0;
  #table: KeyPath = [];
  /** Where the line count stands: lines are counted once, forwards. */
  #counted = { at: 0, line: 1 };

  constructor(private readonly text: string) {}

  run(): void {
    for (this.#take(SPACE); this.#at < this.text.length; this.#take(SPACE)) {
      const start = this.#at;
      if (this.text[this.#at] === "[") this.#header();
      else this.#pair();
      if (this.#at === start) return; // not TOML after all
    }
  }

  #header(): void {
    const line = this.#line();
    const isArray = this.text.startsWith("[[", this.#at);
    this.#at += isArray ? 2 : 1;
    const keys = this.#keys();
    this.#table = this.#resolve(isArray ? keys.slice(0, -1) : keys);
    if (isArray) this.#table = this.#append([...this.#table, ...keys.slice(-1)]);
    this.#note(this.#table, line);
    this.#at += isArray ? 2 : 1;
  }

  #pair(): void {
    const line = this.#line();
    this.#note([...this.#table, ...this.#keys()], line);
    this.#skipValue();
  }

  #append(path: KeyPath): KeyPath {
    const name = JSON.stringify(path);
    const index = this.#counts.get(name) ?? 0;
    this.#counts.set(name, index + 1);
    return [...path, index];
  }

  /** Puts the index of the latest table behind each name that is an array of tables. */
  #resolve(keys: readonly string[]): KeyPath {
    return keys.reduce<KeyPath>((path, key) => {
      const longer = [...path, key];
      const count = this.#counts.get(JSON.stringify(longer));
      return count === undefined ? longer : [...longer, count - 1];
    }, []);
  }

  #note(path: KeyPath, line: number): void {
    for (let length = path.length; length > 0; length--) {
      const name = JSON.stringify(path.slice(0, length));
      if (!this.lines.has(name) || length === path.length) this.lines.set(name, line);
    }
  }

  #keys(): string[] {
    const keys: string[] = [];
    do {
      this.#take(BLANK);
      const bare = this.#take(BARE);
      keys.push(bare === "" ? unquote(this.#takeString()) : bare);
      this.#take(BLANK);
    } while (this.text[this.#at] === "." && ++this.#at);
    return keys;
  }

  #skipValue(): void {
    for (let depth = 0; this.#at < this.text.length;) {
      if (this.#takeString() !== "") continue;
      const character = this.text[this.#at] ?? "";
      if (character === "\n" && depth === 0) return;
      if (character === "#") this.#take(COMMENT);
      else this.#at++;
      depth += "[{".includes(character) ? 1 : "]}".includes(character) ? -1 : 0;
    }
  }

  #takeString(): string {
    for (const pattern of STRINGS) {
      const taken = this.#take(pattern);
      if (taken !== "") return taken;
    }
    return "";
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const taken = pattern.exec(this.text)?.[0] ?? "";
    this.#at += taken.length;
    return taken;
  }

  #line(): number {
    for (; this.#counted.at < this.#at; this.#counted.at++) {
      if (this.text[this.#counted.at] === "\n") this.#counted.line++;
    }
    return this.#counted.line;
  }
}
