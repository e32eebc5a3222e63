// Users of every other server in a room of Rookery's.
import assert from "node:assert/strict";
import { after, before, describe } from "node:test";
import { sceneAfterScene } from "../support/scene.js";
import { Actor } from "./support/actor.js";
import { Federation, roomsOf, seatsTaken } from "./support/federation.js";
import { reach } from "./support/letters.js";
import type { Manner } from "./support/server.js";
import { Visitor } from "./support/visitor.js";

const common = { road: "STARTTLS", hasStreamManagement: true } as const;
const manners: Readonly<Record<string, Manner>> = {
  "certificates, one stream for both ways": { ...common, proof: "certificate", isBidirectional: true },
  "dialback, a stream each way": { ...common, proof: "dialback", isBidirectional: false },
};

// There is nothing to be learnt without a room of Rookery's.
for (const [name, manner] of Object.entries(seatsTaken().includes("rookery") ? manners : {})) {
  describe(`rooms with visitors from elsewhere: ${name}`, () => {
    const taken = seatsTaken();
    let federation: Federation;
    before(async () => (federation = await Federation.start(taken, manner)));
    after(() => federation.stop());

    for (const seat of taken.filter((each) => each !== "rookery")) {
      describe(`from ${seat}`, () => {
        const scene = sceneAfterScene();
        let juliet: Visitor;
        let romeo: Visitor;
        before(async () => {
          const [ours, theirs] = [federation.member("rookery"), federation.member(seat)];
          const home = ours.domainFor("first");
          const room = `${seat.replace(" ", "-")}@${roomsOf(home)}`;
          juliet = new Visitor(await Actor.cast(ours, `juliet-${seat.replace(" ", "-")}`, home), room, "Juliet");
          romeo = new Visitor(await Actor.cast(theirs, "romeo", theirs.domainFor("second")), room, "Romeo");
          await Promise.all([juliet.actor.enters(), romeo.actor.enters()]);
          await juliet.enters();
          assert.equal(await juliet.configures({ "muc#roomconfig_persistentroom": "1" }), "done");
        });
        after(() => {
          juliet.actor.vanishes();
          romeo.actor.vanishes();
        });

        scene("he enters", async () => {
          const { notice } = await romeo.enters();
          assert.deepEqual(notice, { codes: ["110"], affiliation: "none", role: "participant" });
          assert.deepEqual(await romeo.sees("Juliet"), { codes: [], affiliation: "owner", role: "moderator" });
          await juliet.sees("Romeo");
        });

        scene("they talk, and all comes in order", async () => {
          romeo.says("Call me but love");
          await juliet.hears("Romeo", "Call me but love");
          const lines = Array.from({ length: 25 }, (_, index) => `Line ${index}`);
          for (const line of lines) juliet.says(line);
          await romeo.hears("Juliet", "Line 24");
          await juliet.hears("Juliet", "Line 24");
          for (const each of [juliet, romeo]) assert.deepEqual(each.heard(), ["Call me but love", ...lines]);
          romeo.whispers("Juliet", "Farewell");
          await juliet.actor.receives({
            kind: "message",
            from: `${juliet.room}/Romeo`,
            type: "chat",
            body: "Farewell",
          });
        });

        scene("he leaves, and finds the history and the subject when he comes back", async () => {
          await romeo.leaves();
          await juliet.seesGo("Romeo");
          juliet.actor.says(`<message type='groupchat' to='${juliet.room}'><subject>Night</subject></message>`);
          juliet.says("Good night, good night!");
          await juliet.hears("Juliet", "Good night, good night!");
          assert.equal((await romeo.enters()).subject, "Night");
          assert.deepEqual(romeo.heard({ isOld: true }), juliet.heard());
          await juliet.sees("Romeo");
        });

        scene("he is put out, banned, and pardoned", async () => {
          const { address } = romeo.actor;
          assert.equal(await juliet.rules("nick='Romeo' role='none'"), "done");
          assert.deepEqual((await romeo.seesGo("Romeo")).codes, ["110", "307"]);
          await romeo.enters();
          assert.equal(await juliet.rules(`jid='${address}' affiliation='outcast'`), "done");
          assert.deepEqual((await romeo.seesGo("Romeo")).codes, ["110", "301"]);
          romeo.asksToEnter();
          assert.equal(await romeo.isRefused(), "forbidden");
          assert.equal(await juliet.rules(`jid='${address}' affiliation='admin'`), "done");
          assert.deepEqual((await romeo.enters()).notice, { codes: ["110"], affiliation: "admin", role: "moderator" });
        });

        scene("he moderates, as far as he may", async () => {
          assert.equal(await romeo.rules("nick='Juliet' role='none'"), "not-allowed");
          assert.equal(await romeo.configures({}), "forbidden");
          assert.equal(await romeo.rules("jid='paris@example' affiliation='member'"), "done");
        });

        scene("he knows that he is in, and that he is not", async () => {
          assert.equal(await romeo.asksWhetherHeIsIn(), "done");
          await romeo.leaves();
          assert.equal(await romeo.asksWhetherHeIsIn(), "not-acceptable");
        });

        scene("his connection breaks, and he is not in any more", async () => {
          await romeo.enters();
          juliet.actor.forgets();
          romeo.actor.vanishes();
          await juliet.seesGo("Romeo");
          await romeo.actor.enters();
          assert.equal(await romeo.asksWhetherHeIsIn(), "not-acceptable");
        });

        // ejabberd writes accounts to disk a while after they are made, and acknowledges nothing.
        if (seat !== "ejabberd") {
          scene("his server is killed: he is found out, and comes back to what was said meanwhile", async () => {
            await romeo.enters();
            juliet.actor.forgets();
            const theirs = federation.member(seat);
            await theirs.end("SIGKILL");
            juliet.says("Where art thou?");
            await theirs.startAgain();
            await reach(juliet.actor, romeo.actor.server);
            assert.deepEqual((await juliet.seesGo("Romeo")).codes, ["333"]);
            await romeo.actor.enters();
            assert.equal(await romeo.asksWhetherHeIsIn(), "not-acceptable");
            await romeo.enters();
            assert.equal(romeo.heard({ isOld: true }).at(-1), "Where art thou?");
            await juliet.sees("Romeo");
            juliet.says("Wherefore?");
            for (const each of [juliet, romeo]) await each.hears("Juliet", "Wherefore?");
            assert.deepEqual(
              juliet.heard().filter((body) => body === "Wherefore?"),
              ["Wherefore?"],
            );
            assert.deepEqual(
              romeo.heard().filter((body) => body === "Wherefore?"),
              ["Wherefore?"],
            );
          });
        }

        scene("the server with the room stops: he is told so, and comes back when it is there again", async () => {
          await romeo.enters();
          romeo.actor.forgets();
          const ours = federation.member("rookery");
          await ours.end("SIGTERM");
          assert.deepEqual((await romeo.seesGo("Romeo")).codes, ["110", "332"]);
          await ours.startAgain();
          await juliet.actor.enters();
          await reach(juliet.actor, romeo.actor.server);
          const { notice } = await romeo.enters();
          assert.deepEqual(notice, { codes: ["110"], affiliation: "admin", role: "moderator" });
        });
      });
    }
  });
}
