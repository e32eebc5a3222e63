// Servers that go away in the middle of a conversation, in order or killed, and come back.
import { after, before, describe, it } from "node:test";
import { Actor } from "./support/actor.js";
import { Federation, seatsTaken } from "./support/federation.js";
import { Letters, reach } from "./support/letters.js";
import type { Member } from "./support/member.js";
import { couples, pairsOf } from "./support/pairs.js";
import { talk } from "./support/scenes.js";
import type { Manner } from "./support/server.js";

const manner: Manner = {
  road: "STARTTLS",
  proof: "certificate",
  isBidirectional: true,
  hasStreamManagement: true,
};

describe("servers that go away", () => {
  const taken = seatsTaken();
  let federation: Federation;
  before(async () => (federation = await Federation.start(taken, manner)));
  after(() => federation.stop());

  for (const [index, [first, second]] of pairsOf(taken).entries()) {
    const [hisName, herName] = couples[index] ?? couples[0];
    describe(`${second}, while ${first} talks to it`, () => {
      // Without acknowledgements (XEP-0198) nobody can know what has arrived of what was under way.
      const hasAcknowledgements = first !== "ejabberd" && second !== "ejabberd";
      let romeo: Actor;
      let juliet: Actor;
      let his: Member;
      let hers: Member;
      before(async () => {
        his = federation.member(first);
        hers = federation.member(second);
        romeo = await Actor.cast(his, hisName, his.domainFor("first"));
        juliet = await Actor.cast(hers, herName, hers.domainFor("second"));
        await Promise.all([romeo.enters(), juliet.enters()]);
        await talk(romeo, juliet);
      });
      after(() => {
        romeo.vanishes();
        juliet.vanishes();
      });

      for (const [how, signal] of [
        ["restarted", "SIGTERM"],
        ["killed", "SIGKILL"],
      ] as const) {
        it(`${how}: what is sent meanwhile arrives once or comes back`, async () => {
          const letters = new Letters(romeo, juliet);
          his.forgetLog();
          await hers.end(signal);
          if (!hasAcknowledgements) await his.hasNoticedLoss(romeo.server, juliet.server);
          letters.send(20);
          await comeBack();
          if (first === "rookery" && signal === "SIGTERM") letters.haveArrived();
          else if (first === "ejabberd") letters.haveNotDoubled();
          else letters.haveArrivedOrReturned();
        });
      }

      if (hasAcknowledgements) {
        it("killed with letters under way: none is lost, none comes twice", async () => {
          const letters = new Letters(romeo, juliet);
          await juliet.leaves();
          letters.send(300);
          await romeo.gets("jabber:iq:roster"); // his server has taken them all
          await hers.end("SIGKILL");
          await comeBack();
          letters.areAccountedFor();
        });
      }

      async function comeBack(): Promise<void> {
        await hers.startAgain();
        await reach(romeo, juliet.server); // all is there now, or has come back
        await juliet.enters();
        await talk(romeo, juliet);
      }
    });
  }
});
