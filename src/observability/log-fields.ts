// What of a field's value gets into the log: plain values, errors, addresses. Anything else only leaves its type's name,
// so that a stanza or a credential that somebody passes by mistake is not written down.

/** Fields of an event. Numbers carry their unit in the name: `duration_ms`, `size_bytes`. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Longest text of a field; what is longer ends in an ellipsis. */
const LONGEST = 1000;
const SECRET = /^(?:.*_)?(?:passwords?|secrets?|tokens?|body|subject|authorization|salted?|.*_key)$/i;

/** The fields as they are written. */
export function describeFields(fields: LogFields): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, SECRET.test(name) ? "[not logged]" : describe(value)]),
  );
}

function describe(value: unknown): unknown {
  if (typeof value === "string") return shorten(value);
  if (value === null || typeof value !== "object") return typeof value === "bigint" ? String(value) : value;
  if (value instanceof Error) return describeError(value);
  if (Array.isArray(value))
    return value.slice(0, 100).map((each) => (Array.isArray(each) ? "[Array]" : describe(each)));
  const text = hasJson(value) ? value.toJSON() : undefined;
  return typeof text === "string" ? shorten(text) : `[${value.constructor?.name ?? "object"}]`;
}

function hasJson(value: object): value is { toJSON(): unknown } {
  return "toJSON" in value && typeof value.toJSON === "function";
}

function describeError(error: Error): unknown {
  const code = "code" in error && typeof error.code === "string" ? { code: error.code } : {};
  const cause = error.cause instanceof Error ? { cause: shorten(error.cause.message) } : {};
  return { name: error.name, message: shorten(error.message), ...code, ...cause, stack: shorten(error.stack ?? "") };
}

function shorten(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
