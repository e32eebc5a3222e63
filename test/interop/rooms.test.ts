// Rooms (XEP-0045) with real clients: slixmpp, and Profanity with slixmpp.
import assert from "node:assert/strict";
import { after, before, describe } from "node:test";
import { Profanity } from "./support/profanity.js";
import { startRookery, type RookeryUnderTest } from "./support/rookery.js";
import { sceneAfterScene } from "./support/scene.js";
import { RoomGoer } from "./support/room-goer.js";

const room = "garden@rooms.localhost";

describe("rooms", () => {
  let server: RookeryUnderTest;
  before(async () => (server = await startRookery(["romeo", "juliet", "tybalt", "nurse", "mercutio", "benvolio"])));
  after(() => server.stop());

  const played: RoomGoer[] = [];
  const comes = async (user: string, where = room): Promise<RoomGoer> => {
    const goer = await RoomGoer.comes(server, user, where);
    played.push(goer);
    return goer;
  };
  after(() => Promise.all(played.map((goer) => goer.vanishes())));

  describe("slixmpp", () => {
    let [juliet, romeo, tybalt]: RoomGoer[] = [];
    const scene = sceneAfterScene();
    const all = () => [juliet, romeo, tybalt] as [RoomGoer, RoomGoer, RoomGoer];

    scene("makes a room and configures it", async () => {
      juliet = await comes("juliet");
      const entry = await juliet.enters("Juliet");
      assert.deepEqual(entry, { codes: [110, 201], occupants: ["Juliet"], history: [], subject: "" });
      const fields = { "muc#roomconfig_roomname": "The Garden", "muc#roomconfig_persistentroom": true };
      await juliet.achieves("accept", { fields });
    });

    scene("talks to another who comes", async () => {
      romeo = await comes("romeo");
      const [first, second] = all();
      const { occupants, codes } = await second.enters("Romeo");
      assert.deepEqual({ occupants, codes }, { occupants: ["Juliet", "Romeo"], codes: [110] });
      await first.sees({ event: "here", nick: "Romeo", role: "participant" });
      second.says("But soft! What light through yonder window breaks? <It> is the east");
      for (const each of [first, second]) {
        await each.hears("Romeo", "But soft! What light through yonder window breaks? <It> is the east");
      }
    });

    scene("gives the room a subject, and reads it and the history on entering", async () => {
      const [first, second] = all();
      first.does("discuss", { text: "Roses & other names" });
      for (const each of [first, second])
        await each.sees({ event: "subject", nick: "Juliet", text: "Roses & other names" });
      first.says("What's in a name?");
      await second.hears("Juliet", "What's in a name?");
      tybalt = await comes("tybalt");
      const entry = await tybalt.enters("Tybalt");
      assert.deepEqual(entry, {
        codes: [110],
        occupants: ["Juliet", "Romeo", "Tybalt"],
        history: ["But soft! What light through yonder window breaks? <It> is the east", "What's in a name?"],
        subject: "Roses & other names",
      });
    });

    scene("changes the nickname", async () => {
      const [first, second] = all();
      second.does("rename", { nick: "Montague" });
      await first.sees({ event: "gone", nick: "Romeo", codes: [303] });
      await first.sees({ event: "here", nick: "Montague" });
      await second.sees({ event: "here", nick: "Montague", codes: [110] });
      second.says("Call me but love");
      await first.hears("Montague", "Call me but love");
    });

    scene("is refused a nickname that somebody has", async () => {
      const [, second] = all();
      second.does("enter", { nick: "Juliet" });
      await second.sees({ event: "refused", condition: "conflict" });
    });

    scene("whispers to one alone", async () => {
      const [first, second, third] = all();
      first.does("whisper", { nick: "Montague", body: "Stay but a little, I will come again" });
      await second.sees({ event: "whispered", nick: "Juliet", body: "Stay but a little, I will come again" });
      second.does("whisper", { nick: "Juliet", body: "O blessed night" });
      await first.sees({ event: "whispered", nick: "Montague", body: "O blessed night" });
      first.says("Good night"); // what comes behind it
      await third.hears("Juliet", "Good night");
      assert.equal(third.hasTold("whispered"), false);
    });

    scene("kicks, bans and lists", async () => {
      const [first, second, third] = all();
      await first.achieves("role", { nick: "Tybalt", role: "none", reason: "A villain" });
      await third.sees({ event: "gone", nick: "Tybalt", codes: [110, 307] });
      await second.sees({ event: "gone", nick: "Tybalt", codes: [307] });
      await third.enters("Tybalt");
      await first.achieves("affiliation", { jid: third.address, affiliation: "outcast", reason: "A plague" });
      await third.sees({ event: "gone", nick: "Tybalt", codes: [110, 301] });
      third.does("enter", { nick: "Tybalt" });
      await third.sees({ event: "refused", condition: "forbidden" });
      await first.achieves("affiliation", { jid: second.address, affiliation: "admin", reason: "" });
      await second.sees({ event: "here", nick: "Montague", affiliation: "admin", role: "moderator" });
      for (const [affiliation, jids] of [
        ["owner", [first.address]],
        ["admin", [second.address]],
        ["outcast", [third.address]],
        ["member", []],
      ] as const) {
        first.does("list", { affiliation });
        assert.deepEqual((await first.sees({ event: "listed" }))["jids"], jids);
      }
    });

    scene("may not do what is for owners", async () => {
      const [, second] = all();
      second.does("accept");
      await second.sees({ event: "refused", condition: "forbidden" });
    });

    scene("changes the configuration under everybody's eyes", async () => {
      const [first, second] = all();
      await first.achieves("accept", { fields: { "muc#roomconfig_moderatedroom": true } });
      for (const each of [first, second]) await each.sees({ event: "configured", codes: [104] });
      const nurse = await comes("nurse");
      await nurse.enters("Nurse");
      await nurse.sees({ event: "here", nick: "Nurse", role: "visitor" });
      nurse.says("Madam!");
      await nurse.sees({ event: "refused", condition: "forbidden" });
      await nurse.leaves("Nurse");
      await nurse.logsOut();
    });

    scene("asks whether it is still in (XEP-0410)", async () => {
      const [, second, third] = all();
      second.does("ping", { nick: "Montague" });
      await second.sees({ event: "pong" });
      third.does("ping", { nick: "Montague" });
      await third.sees({ event: "refused", condition: "not-acceptable" });
    });

    scene("leaves with some last words", async () => {
      const [first, second] = all();
      await second.leaves("Montague");
      await first.sees({ event: "gone", nick: "Montague", role: "none" });
      second.does("say", { body: "Eyes, look your last" });
      await second.sees({ event: "refused", condition: "not-acceptable" });
    });

    for (const how of ["drops dead", "is frozen"] as const) {
      scene(`${how} and comes back, and is there once`, async () => {
        const [first] = all();
        const mercutio = await comes("mercutio");
        await mercutio.enters("Mercutio");
        await first.sees({ event: "here", nick: "Mercutio" });
        if (how === "drops dead") await mercutio.vanishes();
        else mercutio.freezes();
        const again = await comes("mercutio");
        await first.sees({ event: "gone", nick: "Mercutio" });
        const { occupants } = await again.enters("Mercutio");
        assert.deepEqual(occupants, ["Juliet", "Mercutio"]);
        await first.sees({ event: "here", nick: "Mercutio" });
        await first.achieves("role", { nick: "Mercutio", role: "participant", reason: "" });
        const curse = `A plague o' both your houses, who ${how}!`;
        again.says(curse);
        await first.hears("Mercutio", curse);
        await again.hears("Mercutio", curse);
        for (const each of [first, again]) assert.equal(each.count("heard", "Mercutio", curse), 1);
        await again.leaves("Mercutio");
        await again.logsOut();
        await first.sees({ event: "gone", nick: "Mercutio" });
      });
    }
  });

  describe("Profanity", () => {
    const balcony = "balcony@rooms.localhost";
    const scene = sceneAfterScene();
    let benvolio: Profanity;
    let nurse: RoomGoer;
    before(async () => {
      benvolio = new Profanity(server, "benvolio", "STARTTLS");
      await benvolio.comeOnline();
    });
    after(() => benvolio.abandon());

    scene("makes a room and accepts its form", async () => {
      await benvolio.enters(balcony, "Benvolio");
      await benvolio.acceptsForm();
    });

    scene("talks to somebody on slixmpp", async () => {
      nurse = await comes("nurse", balcony);
      assert.deepEqual((await nurse.enters("Nurse")).occupants, ["Benvolio", "Nurse"]);
      await benvolio.reads(/Participants[^]*Nurse/);
      await benvolio.types("Part, fools! Put up your swords");
      await nurse.hears("Benvolio", "Part, fools! Put up your swords");
      nurse.says("I pray you, sir, what saucy merchant was this?");
      await benvolio.reads(/Nurse: I pray you, sir, what saucy merchant was this\?/);
    });

    scene("sets the subject", async () => {
      await benvolio.types("/subject set Peace");
      await nurse.sees({ event: "subject", nick: "Benvolio", text: "Peace" });
    });

    scene("leaves, and comes back to what was said", async () => {
      await benvolio.types("/close");
      await nurse.sees({ event: "gone", nick: "Benvolio" });
      nurse.says("Will you tell her, sir?");
      await nurse.hears("Nurse", "Will you tell her, sir?");
      await benvolio.types(`/join ${balcony} nick Benvolio`);
      await nurse.sees({ event: "here", nick: "Benvolio", affiliation: "owner" });
      await benvolio.reads(/Nurse: Will you tell her, sir\?/);
      await benvolio.leave();
      await nurse.sees({ event: "gone", nick: "Benvolio" });
    });
  });

  describe("the server stops", () => {
    const scene = sceneAfterScene();

    scene("everybody in a room is told so (§11.2)", async () => {
      const cell = "cell@rooms.localhost";
      const mercutio = await comes("mercutio", cell);
      await mercutio.enters("Mercutio");
      await mercutio.achieves("accept", { fields: {} });
      const nurse = await comes("nurse", cell);
      await nurse.enters("Nurse");
      await server.stop();
      await mercutio.sees({ event: "gone", nick: "Mercutio", codes: [110, 332] });
      await nurse.sees({ event: "gone", nick: "Nurse", codes: [110, 332] });
    });
  });
});
