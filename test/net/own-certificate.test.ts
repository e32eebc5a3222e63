// The certificate of the first run, kept from start to start.
import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { test } from "node:test";
import { CertificateStore } from "../../src/net/certificates.js";
import { ownCertificate } from "../../src/net/own-certificate.js";
import { temporaryDirectory } from "./support/certificates.js";
import { inTls, shownTo } from "./support/client.js";
import { TestServer } from "./support/listening.js";

const day = 86_400_000;
const start = Date.now();

test("made once, for the owner's eyes only, and used as it is from then on", async (t) => {
  const directory = await temporaryDirectory(t);
  const source = await ownCertificate(directory, ["verona.example"], start);
  const made = await readFile(source.certificateFile, "utf8");
  assert.equal((await stat(source.keyFile)).mode & 0o777, 0o600);
  assert.deepEqual(await ownCertificate(directory, ["verona.example"], start + day), source);
  assert.equal(await readFile(source.certificateFile, "utf8"), made);
  assert.equal((await readdir(directory)).length, 1, "nothing else is left behind");
  const server = new TestServer(t, await CertificateStore.open([source]));
  const romeo = await inTls(t, await server.tcp("c2s-tls"), {
    servername: "verona.example",
    rejectUnauthorized: true,
    ca: made,
  });
  assert.equal(shownTo(romeo), "verona.example");
});

test("made anew for another host, and a month before it expires", async (t) => {
  const directory = await temporaryDirectory(t);
  const validTo = async (hosts: string[], now: number): Promise<string> =>
    new X509Certificate(await readFile((await ownCertificate(directory, hosts, now)).certificateFile)).validTo;
  const first = await validTo(["verona.example"], start);
  const wider = await validTo(["verona.example", "münchen.example"], start + day);
  assert.notEqual(wider, first);
  assert.equal(await validTo(["verona.example"], start + 2 * day), wider);
  assert.equal(
    await validTo(["verona.example", "rooms.verona.example"], start + 2 * day),
    wider,
    "a wildcard covers it",
  );
  assert.equal(await validTo(["verona.example", "münchen.example"], start + 770 * day), wider);
  assert.notEqual(await validTo(["verona.example"], start + 772 * day), wider);
});
