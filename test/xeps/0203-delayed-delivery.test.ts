// XEP-0203: Delayed Delivery; who adds such notes tests them, here is who forges them.
import { test } from "node:test";
import { playServer } from "../support/play-server.js";

test("notes in the server's name are taken out, others' stay (§5)", async (t) => {
  const stage = await playServer(t);
  const juliet = await stage.enter("juliet", "balcony");
  const romeo = await stage.login("romeo");
  const addresses = "to='juliet@verona.example' xmlns:v='urn:verona' v:mood='sad'";
  const room = "<delay xmlns='urn:xmpp:delay' from='ball.verona.example' stamp='2002-09-10T23:08:25Z'/>";
  const forged = "<delay xmlns='urn:xmpp:delay' from='verona.example' stamp='2002-09-10T23:08:25Z'>Offline</delay>";
  const rest = "<body>I &lt;sent> it &amp; long ago &#x2764;</body><v:house><inner/></v:house>";
  romeo.send(`<message ${addresses} id='1'>${forged}${rest}${room}</message>`);
  await juliet.receives(`<message from='{any}' ${addresses} id='1'>${rest}${room}</message>`);
});
