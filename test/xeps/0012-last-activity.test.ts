// XEP-0012: Last Activity.
import { test } from "node:test";
import { playServer } from "../support/play-server.js";

const last = "<query xmlns='jabber:iq:last'/>";
const ago = (seconds: number, status = "") => `<query xmlns='jabber:iq:last' seconds='${seconds}'>${status}</query>`;

test("the host tells how long it has been running (§5)", async (t) => {
  const stage = await playServer(t);
  const romeo = await stage.login("romeo");
  stage.clock.advance(90_500);
  await romeo.gets("get", last, "verona.example", ago(90));
});

test("contacts learn when a user left and what they said last (§3)", async (t) => {
  const stage = await playServer(t);
  await stage.befriend("romeo", "juliet");
  const romeo = await stage.login("romeo");
  const juliet = await stage.login("juliet", "balcony");
  await romeo.gets("get", last, "juliet@verona.example", ago(0));
  await juliet.becomesAvailable();
  juliet.send("<presence type='unavailable'><status>Good night, good night!</status></presence>");
  await juliet.leaves();
  await stage.settle();
  stage.clock.advance(203_000);
  await romeo.gets("get", last, "juliet@verona.example", ago(203, "Good night, good night!"));
});

test("a session that is lost counts, and another one that is still there counts more", async (t) => {
  const stage = await playServer(t);
  await stage.befriend("romeo", "juliet");
  const romeo = await stage.login("romeo");
  const juliet = await stage.enter("juliet", "balcony");
  const again = await stage.login("juliet", "chamber");
  juliet.transport.clientVanishes();
  await stage.settle();
  stage.clock.advance(5000);
  await romeo.gets("get", last, "juliet@verona.example", ago(0));
  again.transport.clientVanishes();
  await stage.settle();
  stage.clock.advance(7000);
  await romeo.gets("get", last, "juliet@verona.example", ago(7));
});

test("users may ask for themselves", async (t) => {
  const stage = await playServer(t);
  const romeo = await stage.login("romeo");
  await romeo.gets("get", last, undefined, ago(0));
});

test("strangers are forbidden to ask, whether there is an account or not (§8)", async (t) => {
  const stage = await playServer(t);
  await stage.account("juliet");
  const tybalt = await stage.login("tybalt");
  await tybalt.isRefused("forbidden", "get", last, "juliet@verona.example");
  await tybalt.isRefused("forbidden", "get", last, "nobody@verona.example");
});

test("of somebody who was never here nothing is known", async (t) => {
  const stage = await playServer(t);
  await stage.befriend("romeo", "juliet");
  const romeo = await stage.login("romeo");
  await romeo.isRefused("item-not-found", "get", last, "juliet@verona.example");
});
