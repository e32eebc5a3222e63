// Where the configuration and the secrets come from.
import assert from "node:assert/strict";
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { loadConfig } from "../../src/config/load.js";
import { readOrCreateSecrets } from "../../src/config/secrets.js";

const nothing = { sections: [], keyed: [], extensions: [] };
let directory = "";
before(async () => {
  directory = await mkdtemp(join(tmpdir(), "rookery-config-"));
});
after(() => rm(directory, { recursive: true }));

test("without a file, localhost is served on loopback only", async () => {
  const config = await loadConfig(undefined, directory, nothing);
  assert.deepEqual(
    config.listeners.map(({ addresses }) => addresses),
    config.listeners.map(() => ["127.0.0.1", "::1"]),
  );
  assert.equal(config.hosts[0]?.domain, "localhost");
  assert.equal(config.data, join(directory, "data"));
});

test("rookery.toml is found; a file that was named must be there", async () => {
  await writeFile(join(directory, "rookery.toml"), '[hosts."verona.example"]');
  const config = await loadConfig(undefined, directory, nothing);
  assert.equal(config.hosts[0]?.domain, "verona.example");
  await assert.rejects(loadConfig(join(directory, "padua.toml"), directory, nothing), /padua\.toml:1: can't be read/);
});

test("secrets are made once, for this user's eyes only, and stay the same", async () => {
  const data = join(directory, "data");
  const made = await readOrCreateSecrets(data);
  assert.equal(made.fake_salt.length, 32);
  await chmod(join(data, "secrets.json"), 0o644);
  assert.deepEqual(await readOrCreateSecrets(data), made);
  assert.equal((await stat(join(data, "secrets.json"))).mode & 0o777, 0o600);
  assert.equal((await stat(data)).mode & 0o777, 0o700);
});

test("damaged secrets are not replaced", async () => {
  const data = join(directory, "damaged");
  await readOrCreateSecrets(data);
  for (const text of ["", "[]", '{"fake_salt": "c2hvcnQ="}']) {
    await writeFile(join(data, "secrets.json"), text);
    await assert.rejects(readOrCreateSecrets(data), /damaged; restore it from a backup/);
    assert.equal(await readFile(join(data, "secrets.json"), "utf8"), text);
  }
});
