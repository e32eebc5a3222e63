// Option declarations: what each factory accepts, refuses and shows.
import assert from "node:assert/strict";
import { test } from "node:test";
import { kind, option, OptionError, section, type Kind, type ValuesOf } from "../../src/config/option.js";

function refuses(of: Kind<unknown>, value: unknown, says: RegExp): void {
  assert.throws(
    () => of.read(value),
    (error: unknown) => error instanceof OptionError && says.test(error.message),
    `should refuse ${String(value)}`,
  );
}

test("an integer keeps its bounds and refuses fractions and texts", () => {
  const lines = option.integer(10, "Lines of a sonnet.", { min: 1, max: 14 });
  assert.deepEqual([lines.read(1), lines.read(14), lines.default, lines.written], [1, 14, 10, "10"]);
  for (const value of [0, 15, 1.5, "3", NaN, true]) refuses(lines, value, /^integer, from 1 to 14$/);
});

test("numbers, booleans, texts and choices", () => {
  assert.equal(option.number(0.5, "Share.", { min: 0, max: 1 }).read(0.25), 0.25);
  assert.equal(option.boolean(true, "On.").read(false), false);
  refuses(option.boolean(true, "On."), "true", /true or false/);
  refuses(
    option.string("a", "A word.", { pattern: /^[a-z]+$/, means: "a lower-case word" }),
    "A B",
    /a lower-case word/,
  );
  refuses(option.string("a", "A word.", { max: 3 }), "abcd", /at most 3 characters/);
  const house = option.choice("Montague", "A house.", ["Montague", "Capulet"]);
  const chosen: "Montague" | "Capulet" = house.read("Capulet");
  assert.equal(chosen, "Capulet");
  refuses(house, "Escalus", /^"Montague" or "Capulet"$/);
});

test("a duration is milliseconds, within its bounds", () => {
  const pause = option.duration("30s", "A pause.", { min: "1s", max: "1h" });
  assert.deepEqual([pause.default, pause.written], [30_000, '"30s"']);
  assert.deepEqual(["1s", "1.5s", "5m", "60 m", "1h"].map((text) => pause.read(text)), [1000, 1500, 300_000, 3_600_000, 3_600_000]); // prettier-ignore
  for (const value of ["500ms", "2h", "30", 30, "1 week", "-1s", "s", ""]) refuses(pause, value, /from 1s to 1h/);
  assert.equal(option.duration("0s", "Off.").read("0"), 0);
  refuses(option.duration("0s", "Off."), "1constructor", /duration/);
});

test("a size is bytes", () => {
  const limit = option.size("64 KiB", "A limit.");
  assert.deepEqual([limit.default, limit.written, limit.read("10 MiB"), limit.read("7B")], [65_536, '"64 KiB"', 10_485_760, 7]); // prettier-ignore
  assert.equal(limit.write(1_048_576), '"1 MiB"');
  refuses(limit, "64 kB", /size such as/);
});

test("a list checks each element; an optional value may be missing", () => {
  const acts = option.list(kind.integer({ min: 1 }), [1, 2], "Acts.");
  assert.deepEqual([acts.read([3]), acts.written], [[3], "[1, 2]"]);
  refuses(acts, [1, 0], /integer, 1 or more/);
  refuses(acts, 1, /list of: integer/);
  const key = option.optional(kind.string(), "A key.", '"key.pem"');
  assert.deepEqual([key.default, key.read("k.pem"), key.written], [undefined, "k.pem", '"key.pem"']);
});

test("a section types its values", () => {
  const play = section("play", "The play.", { acts: option.integer(5, "Acts."), title: option.string("", "Title.") });
  const values: ValuesOf<typeof play.options> = { acts: 5, title: "Romeo and Juliet" };
  assert.equal(play.scope, "server");
  assert.equal(values.acts, play.options.acts.default);
});
