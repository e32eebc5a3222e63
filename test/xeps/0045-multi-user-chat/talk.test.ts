// XEP-0045: people enter a room, talk, and leave.
import { test } from "node:test";
import { playServer } from "../../support/play-server.js";

const muc = "<x xmlns='http://jabber.org/protocol/muc'/>";

test("two people meet in a room and talk", async (t) => {
  const stage = await playServer(t);
  const romeo = await stage.login("romeo");
  const juliet = await stage.login("juliet", "balcony");
  romeo.send(`<presence to='garden@rooms.verona.example/Romeo'>${muc}</presence>`);
  for (let i = 0; i < 2; i++) console.log(String(await romeo.next()));
  console.log(
    String(
      await romeo.asks(
        "set",
        "<query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='submit'/></query>",
        "garden@rooms.verona.example",
      ),
    ),
  );
  juliet.send(`<presence to='garden@rooms.verona.example/Juliet'>${muc}</presence>`);
  for (let i = 0; i < 3; i++) console.log(String(await juliet.next()));
  console.log(String(await romeo.next()));
  juliet.send(`<message type='groupchat' id='m1' to='garden@rooms.verona.example'><body>Ay me</body></message>`);
  console.log(String(await romeo.next()));
  console.log(String(await juliet.next()));
  console.log(
    String(
      await juliet.asks("get", "<query xmlns='http://jabber.org/protocol/disco#info'/>", "garden@rooms.verona.example"),
    ),
  );
  console.log(
    String(await juliet.asks("get", "<query xmlns='http://jabber.org/protocol/disco#info'/>", "rooms.verona.example")),
  );
  console.log(
    String(await juliet.asks("get", "<query xmlns='http://jabber.org/protocol/disco#items'/>", "rooms.verona.example")),
  );
  console.log(
    String(
      await romeo.asks("get", "<query xmlns='http://jabber.org/protocol/muc#owner'/>", "garden@rooms.verona.example"),
    ),
  );
  await juliet.leaves();
  console.log(String(await romeo.next()));
});
