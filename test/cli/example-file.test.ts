// config.example.toml, as it stands in the repository.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { writeExample } from "../../src/config/example.js";
import { keyed, sections } from "../../src/server/options.js";
import { extensions } from "../../xeps/index.js";

test("config.example.toml is what the option declarations say", async () => {
  const text = await readFile(new URL("../../../config.example.toml", import.meta.url), "utf8");
  const current = writeExample({ sections, keyed, extensions });
  assert.equal(text, current, "Make it anew: node bin/rookery.js config example > config.example.toml");
});
