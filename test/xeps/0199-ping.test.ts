// XEP-0199: XMPP Ping.
import { test } from "node:test";
import { playServer } from "../support/play-server.js";

const ping = "<ping xmlns='urn:xmpp:ping'/>";

test("the server answers pings, addressed to it or to nobody", async (t) => {
  const stage = await playServer(t);
  const romeo = await stage.login("romeo");
  await romeo.gets("get", ping, "verona.example");
  await romeo.gets("get", ping);
  await romeo.gets("get", ping, "romeo@verona.example");
});

test("accounts answer those who see their presence, and are to others as if they were not there", async (t) => {
  const stage = await playServer(t);
  await stage.befriend("romeo", "juliet");
  const romeo = await stage.login("romeo");
  const tybalt = await stage.login("tybalt");
  await romeo.gets("get", ping, "juliet@verona.example");
  await tybalt.isRefused("service-unavailable", "get", ping, "juliet@verona.example");
  await tybalt.isRefused("service-unavailable", "get", ping, "nobody@verona.example");
});

test("a client that has been silent for long is pinged, and stays if it answers", async (t) => {
  const stage = await playServer(t, { config: "[clients]\nidle_timeout = '5m'\nanswer_timeout = '1m'" });
  const romeo = await stage.login("romeo");
  const juliet = await stage.login("juliet", "balcony");
  stage.clock.advance(5 * 60_000);
  const question = await romeo.receives(
    "<iq from='verona.example' to='romeo@verona.example/orchard' type='get' id='{any}'><ping xmlns='urn:xmpp:ping'/></iq>",
  );
  await juliet.next();
  romeo.send(`<iq to='verona.example' type='error' id='${String(question.attrs["id"])}'><error type='cancel'/></iq>`);
  stage.clock.advance(60_000);
  await juliet.ends("connection-timeout");
  await stage.receiveNothing(romeo);
});
