// What `${…}` in a scene stands for.
import { escapeXml } from "../xml/element.js";

/** Names to values: addresses of the characters, what was captured, and a few functions. */
export class Variables {
  private readonly values = new Map<string, string>();
  private counter = 0;

  set(name: string, value: string): void {
    this.values.set(name, value);
  }

  /** Whether all names in a text mean something. */
  knows(text: string): boolean {
    return [...text.matchAll(/\$\{([^${}]*)\}/g)].every(([, name]) => this.values.has(name ?? ""));
  }

  /** A number that was not given out before. */
  nextNumber(): number {
    return ++this.counter;
  }

  /**
   * Replaces `${name}`, `${repeat COUNT TEXT}` and `${base64 TEXT}` (in which `\0` is the zero byte), innermost first.
   * @param isMarkup whether the values are to be escaped for XML
   * @throws Error for a name that means nothing here
   */
  expand(text: string, isMarkup: boolean): string {
    const innermost = /\$\{([^${}]*)\}/;
    let rest = text;
    for (let match = innermost.exec(rest); match !== null; match = innermost.exec(rest)) {
      const value = this.valueOf(match[1] ?? "");
      rest = rest.replace(innermost, () => (isMarkup ? escapeXml(value) : value));
    }
    return rest;
  }

  private valueOf(expression: string): string {
    const repeat = /^repeat (\d+) ([^]*)$/.exec(expression);
    if (repeat) return (repeat[2] ?? "").repeat(Number(repeat[1]));
    const base64 = /^base64 ([^]*)$/.exec(expression);
    if (base64) return Buffer.from((base64[1] ?? "").replaceAll("\\0", "\0")).toString("base64");
    const capital = /^(.*) in capitals$/.exec(expression);
    if (capital) return this.valueOf(capital[1] ?? "").toUpperCase();
    const value = this.values.get(expression);
    if (value === undefined) throw new Error(`nothing is known of \${${expression}}`);
    return value;
  }
}
