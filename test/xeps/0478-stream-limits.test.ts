// XEP-0478: Stream Limits Advertisement.
import assert from "node:assert/strict";
import { test } from "node:test";
import { playServer } from "../support/play-server.js";
import { assertSame } from "../support/same-xml.js";

const limits = (bytes: number, seconds: number): string =>
  `<limits xmlns='urn:xmpp:stream-limits:0'><max-bytes>${bytes}</max-bytes><idle-seconds>${seconds}</idle-seconds></limits>`;

test("the limits are announced, those before login and those after it (§4)", async (t) => {
  const config = "[clients]\nstanza_size = '1 MiB'\nstanza_size_before_login = '20000 B'\nidle_timeout = '90s'";
  const stage = await playServer(t, { config });
  await stage.account("romeo");
  const romeo = stage.connect();
  const before = await romeo.opensStream();
  assertSame(before.getChild("limits") ?? assert.fail(), limits(20_000, 90));
  const after = await romeo.authenticates("romeo", "romeo");
  assertSame(after.getChild("limits") ?? assert.fail(), limits(1_048_576, 90));
});
