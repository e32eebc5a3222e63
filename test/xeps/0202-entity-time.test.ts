// XEP-0202: Entity Time.
import { test } from "node:test";
import { playServer } from "../support/play-server.js";

test("the server tells the time, in UTC", async (t) => {
  const stage = await playServer(t);
  const romeo = await stage.login("romeo");
  stage.clock.advance(61_000);
  await romeo.gets(
    "get",
    "<time xmlns='urn:xmpp:time'/>",
    "verona.example",
    "<time xmlns='urn:xmpp:time'><tzo>+00:00</tzo><utc>2026-04-23T20:01:01Z</utc></time>",
  );
});
