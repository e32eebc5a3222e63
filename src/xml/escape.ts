// Escaping for markup that is written as text. Nearly nothing needs it, so the test comes first.

const inAttributes = /[&<>"'\n\r\t]/;
const inText = /[&<>\r]/;
const replacements: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
  // A literal one would be read as a space (XML 1.0 §3.3.3), or as a line feed (§2.11).
  "\n": "&#10;",
  "\r": "&#13;",
  "\t": "&#9;",
};

/** For a value in either kind of quotes. */
export function escapeAttribute(value: string): string {
  return inAttributes.test(value) ? value.replace(/[&<>"'\n\r\t]/g, (found) => replacements[found] ?? found) : value;
}

/** For text between tags. */
export function escapeText(text: string): string {
  return inText.test(text) ? text.replace(/[&<>\r]/g, (found) => replacements[found] ?? found) : text;
}
