// XEP-0092: Software Version.
import assert from "node:assert/strict";
import { test } from "node:test";
import { playServer } from "../support/play-server.js";

const version = "<query xmlns='jabber:iq:version'/>";

test("the server tells its name and version, not its operating system", async (t) => {
  const stage = await playServer(t);
  const romeo = await stage.login("romeo");
  const answer = (await romeo.asks("get", version, "verona.example")).getChild("query");
  assert.equal(answer?.getChildText("name"), "Rookery");
  assert.match(answer?.getChildText("version") ?? "", /^\d+\.\d+\.\d+/);
  assert.equal(answer?.getChild("os"), undefined);
});

test("the operator decides what is told (§5)", async (t) => {
  const stage = await playServer(t, { config: "[extensions.software-version]\nshow_version = false\nshow_os = true" });
  const romeo = await stage.login("romeo");
  const answer = (await romeo.asks("get", version, "verona.example")).getChild("query");
  assert.equal(answer?.getChildText("version"), "");
  assert.ok((answer?.getChildText("os") ?? "").length > 3);
});

test("accounts have no version", async (t) => {
  const stage = await playServer(t);
  const romeo = await stage.login("romeo");
  await romeo.isRefused("service-unavailable", "get", version);
});
