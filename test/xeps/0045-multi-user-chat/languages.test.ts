// Rooms, nicknames, messages and presence in other scripts: what is sent to each is what was said, to the letter.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Client } from "../../support/client.js";
import {
  adminQuery,
  arrivals,
  entersRoom,
  makesRoom,
  refusal,
  says,
  spoken,
  submission,
  unloading,
  unloadsRoom,
} from "../../support/rooms.js";
import { playServer } from "../../support/play-server.js";

const names = {
  "an ASCII room": ["garden@rooms.verona.example", unloading],
  "a room of another script": ["сад@rooms.verona.example", unloading],
  "a service of another script": [
    "garten@räume.verona.example",
    "[extensions.rooms]\naddress = 'räume.verona.example'\nunload_after = '1s'",
  ],
} as const;

for (const [name, [room, config]] of Object.entries(names)) {
  test(`${name}: everything that goes out is whole`, async (t) => {
    const stage = await playServer(t, { config });
    const owner = await stage.login("капулетти", "зал");
    const juliet = await stage.login("juliet", "balcony");
    await makesRoom(
      stage,
      owner,
      "Капулетти",
      { "muc#roomconfig_persistentroom": "1", "muc#roomconfig_roomname": "Сад" },
      room,
    );
    const all = await entersRoom(stage, juliet, "Juliet", room);
    assert.deepEqual(
      all.map(({ attrs }) => String(attrs["from"])),
      [`${room}/Капулетти`, `${room}/Juliet`, room],
    );
    const [shown] = await arrivals(stage, owner);
    assert.equal(shown?.attrs["to"], "капулетти@verona.example/зал");

    const whole = async (client: Client, sends: string, expected: RegExp): Promise<void> => {
      client.send(sends);
      for (const each of [owner, juliet]) assert.match((await arrivals(stage, each)).join("\n"), expected);
    };
    await whole(owner, `<presence to='${room}/Капулетти'><status>ASCII</status></presence>`, /Капулетти".*ASCII/);
    await whole(juliet, `<presence to='${room}/Juliet'><status>♥</status></presence>`, /♥/);
    await whole(juliet, `<presence to='${room}/Джульетта'/>`, /nick="Джульетта"[^]*from="[^"]*Джульетта"/);
    await whole(
      owner,
      `<message type='groupchat' to='${room}' id='№1'><body>ASCII</body></message>`,
      /id="№1"[^]*ASCII/,
    );
    await whole(juliet, `<message type='groupchat' to='${room}' xml:lang='ru'><body>Увы!</body></message>`, /Увы!/);
    await whole(owner, `<message type='groupchat' to='${room}'><subject>Розы &#x2665;</subject></message>`, /Розы ♥/);
    says(owner, "plain", "", room);
    for (const each of [owner, juliet]) assert.deepEqual(spoken(await arrivals(stage, each)), ["plain"]);
    juliet.send(`<message type='chat' to='${room}/Капулетти'><body>Отец</body></message>`);
    assert.match((await arrivals(stage, owner)).join(), /from="[^"]*Джульетта"[^]*Отец/);
    juliet.send(`<iq type='get' id='№2' to='${room}/Капулетти'><query xmlns='jabber:iq:version'/></iq>`);
    assert.match((await arrivals(stage, owner)).join(), /id="\d+ \d+ №2"/);
    const kick = `<item nick='Джульетта' role='none'><reason>Спать!</reason></item>`;
    await owner.gets("set", adminQuery(kick), room);
    assert.match((await arrivals(stage, juliet)).join(), /actor nick="Капулетти"[^]*Спать!/);
    await arrivals(stage, owner);

    await unloadsRoom(stage, { Капулетти: owner }, room);
    const again = await entersRoom(stage, juliet, "Juliet", room);
    assert.deepEqual(spoken(again), ["ASCII", "Увы!", "plain"]);
    assert.equal(again.at(-1)?.getChildText("subject"), "Розы ♥");
    const domain = room.replace(/.*@/, "");
    const items = await juliet.asks("get", "<query xmlns='http://jabber.org/protocol/disco#items'/>", domain);
    assert.ok(items.toString().includes(`<item jid="${room}" name="Сад"/>`), String(items));
    const form = submission("urn:xmpp:channel-search:0:search-params", { q: "САД" }).toString();
    const found = await juliet.asks("get", `<search xmlns='urn:xmpp:channel-search:0:search'>${form}</search>`, domain);
    assert.ok(found.toString().includes(`address="${room}"`), String(found));
  });
}

test("one room has one name, in whatever case or form it is written", async (t) => {
  const stage = await playServer(t);
  const [romeo, juliet] = [await stage.login("romeo"), await stage.login("juliet")];
  await makesRoom(stage, romeo, "Romeo", {}, "gärten@rooms.verona.example");
  const enters =
    "<presence to='GA\u0308RTEN@Rooms.Verona.Example/Juliet'><x xmlns='http://jabber.org/protocol/muc'/></presence>";
  assert.equal(await refusal(stage, juliet, enters), "");
  assert.equal((await arrivals(stage, romeo))[0]?.attrs["from"], "gärten@rooms.verona.example/Juliet");
});
