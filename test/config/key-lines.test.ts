// The line of a key: tables, arrays of tables, dotted and quoted keys, values over many lines.
import assert from "node:assert/strict";
import { test } from "node:test";
import { findKeyLines, formatKeyPath } from "../../src/config/key-lines.js";

const text = `# Romeo and Juliet [not.a.table]
title = "Romeo # [and] Juliet"
acts.first."scene 1" = 1 # comment = 1

[hosts."verona.example"]
streets = [
  "]", # ]
  'north = "1"',
]
prologue = """
square = "x"\\"""
[no.table]
"""
epilogue = '''
bridge = 1'''
river = { name = "Adige", length = 410 }
 [ 'hosts' . mantua . limits ]
walls = 3
[[listeners]]
port = 1
[listeners.tls]
name = "a"
[[listeners]]
[listeners.tls]
name = "b"
`;

test("each key is found on its line", () => {
  const lineOf = findKeyLines(text);
  const verona = ["hosts", "verona.example"];
  assert.deepEqual(
    [
      lineOf(["title"]),
      lineOf(["acts", "first", "scene 1"]),
      lineOf(verona),
      lineOf([...verona, "streets"]),
      lineOf([...verona, "prologue"]),
      lineOf([...verona, "epilogue"]),
      lineOf([...verona, "river", "length"]),
      lineOf(["hosts", "mantua", "limits", "walls"]),
      lineOf(["listeners", 0, "port"]),
      lineOf(["listeners", 0, "tls", "name"]),
      lineOf(["listeners", 1]),
      lineOf(["listeners", 1, "tls", "name"]),
    ],
    [2, 3, 5, 6, 10, 14, 16, 18, 20, 22, 23, 25],
  );
});

test("what is not there is looked for in the table around it, else at the top", () => {
  const lineOf = findKeyLines(text);
  assert.deepEqual(
    [lineOf(["listeners", 1, "port"]), lineOf(["hosts", "verona.example", "square"]), lineOf(["no", "table"])],
    [23, 5, 1],
  );
});

test("Windows line ends and nonsense do no harm", () => {
  assert.equal(findKeyLines("a = 1\r\n[b]\r\nc = 2\r\n")(["b", "c"]), 3);
  assert.equal(findKeyLines("= = = ]]")(["a"]), 1);
});

test("a path reads as in the file", () => {
  assert.equal(formatKeyPath(["hosts", "verona.example", "admins"]), 'hosts."verona.example".admins');
  assert.equal(formatKeyPath(["listeners", 0, "port"]), "listeners[0].port");
});
