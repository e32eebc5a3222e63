// Turns a JSON line of the log into one that is pleasant to read on a terminal.
import { inspect, stripVTControlCharacters } from "node:util";

const COLORS: Readonly<Record<string, string>> = {
  debug: "\x1b[2m",
  info: "\x1b[32m",
  warn: "\x1b[33m",
  error: "\x1b[31m",
};
const PLAIN = "\x1b[0m";

/** `12:03:44.120 info  session-bound  jid=juliet@example.org/balcony`, local time; an error's stack on lines of its own. */
export function formatLogLine(json: string, hasColor: boolean): string {
  const { time, level, event, ...fields } = JSON.parse(json) as Record<string, unknown>; // written by pino just now
  const name = String(level);
  const mark = hasColor ? `${COLORS[name] ?? ""}${name.padEnd(5)}${PLAIN}` : name.padEnd(5);
  const described = Object.entries(fields).map(([key, value]) => `${key}=${describe(value)}`);
  const stack = Object.values(fields).map(stackOf).join("");
  return `${[clockTime(String(time)), mark, clean(String(event)), ...described].join(" ")}${stack}\n`;
}

function clockTime(time: string): string {
  const date = new Date(time);
  return `${date.toLocaleTimeString("en-GB")}.${String(date.getMilliseconds()).padStart(3, "0")}`;
}

function describe(value: unknown): string {
  if (typeof value === "string") return /^[^\s"=]+$/.test(value) ? clean(value) : JSON.stringify(clean(value));
  if (isError(value)) return JSON.stringify(clean(value.message));
  return inspect(value, { breakLength: Infinity });
}

function stackOf(value: unknown): string {
  if (!isError(value)) return "";
  return value.stack
    .split("\n")
    .slice(1)
    .map((line) => `\n    ${clean(line.trim())}`)
    .join("");
}

function isError(value: unknown): value is { readonly message: string; readonly stack: string } {
  return typeof value === "object" && value !== null && "message" in value && "stack" in value;
}

/** What peers choose must not steer the operator's terminal. */
function clean(text: string): string {
  return stripVTControlCharacters(text).replaceAll(/[\x00-\x1f\x7f-\x9f]/g, "?");
}
