// Every two servers, each as the one that begins, in every manner of federating: people meet, talk and part.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { StreamSummary } from "../../../src/s2s/summary.js";
import { Actor } from "./support/actor.js";
import { Federation, seatsTaken, type Seat } from "./support/federation.js";
import { listStreams } from "./support/operator.js";
import { couples, pairsOf } from "./support/pairs.js";
import * as scenes from "./support/scenes.js";
import type { Manner } from "./support/server.js";

const manners: Readonly<Record<string, Manner>> = {
  "certificates over STARTTLS, a stream each way": {
    road: "STARTTLS",
    proof: "certificate",
    isBidirectional: false,
    hasStreamManagement: false,
  },
  "certificates over STARTTLS, one stream for both ways": {
    road: "STARTTLS",
    proof: "certificate",
    isBidirectional: true,
    hasStreamManagement: true,
  },
  "certificates over direct TLS": {
    road: "direct TLS",
    proof: "certificate",
    isBidirectional: false,
    hasStreamManagement: true,
  },
  "dialback over TLS": {
    road: "STARTTLS",
    proof: "dialback",
    isBidirectional: false,
    hasStreamManagement: true,
  },
};

/** What must be true of a stream of Rookery's. */
function factsOf({ remote, direction }: StreamSummary, manner: Manner): Partial<StreamSummary> {
  const isEjabberd = ["elsinore.example", "cyprus.example"].includes(remote);
  const both = { state: "open", isBidirectional: manner.isBidirectional && !isEjabberd } as const;
  if (manner.proof === "certificate") {
    return { ...both, theyProved: manner.proof, isManaged: manner.hasStreamManagement && !isEjabberd };
  }
  // Whoever is asked about a key need not prove anything, and Prosody offers no acknowledgements before dialback.
  return { ...both, theyProved: direction === "out" ? "nothing" : manner.proof };
}

/** ejabberd knows no streams for both ways. */
function hasOneStream({ isBidirectional }: Manner, ...seats: readonly Seat[]): boolean {
  return isBidirectional && !seats.includes("ejabberd");
}

for (const [name, manner] of Object.entries(manners)) {
  describe(name, () => {
    const taken = seatsTaken();
    let federation: Federation;
    before(async () => (federation = await Federation.start(taken, manner)));
    after(() => federation.stop());

    for (const [index, [first, second]] of pairsOf(taken).entries()) {
      const [hisName, herName] = couples[index] ?? couples[0];
      describe(`from ${first} to ${second}`, () => {
        let romeo: Actor;
        let juliet: Actor;
        let hasFailed = false;
        before(async () => {
          const [one, other] = [federation.member(first), federation.member(second)];
          romeo = await Actor.cast(one, hisName, one.domainFor("first"));
          juliet = await Actor.cast(other, herName, other.domainFor("second"));
          await Promise.all([romeo.enters(), juliet.enters()]);
        });
        after(() => {
          romeo.vanishes();
          juliet.vanishes();
        });

        scene("they see one another after both have asked and agreed", scenes.befriend);
        scene("they see what the other is up to", scenes.lookAway);
        scene("they talk", scenes.talk);
        scene("they talk fast, and it comes in order", scenes.talkFast);
        scene("requests are answered by the other's server and by the other", scenes.enquire);
        scene("a long speech arrives whole", scenes.writeAtLength);
        scene("who is away hears of it later, once", scenes.writeToTheAbsent);
        scene("what is for nobody comes back", scenes.writeToNobody);
        scene("they part", scenes.partForEver);
        scene("the servers had the proof that was asked for, and as many streams", async () => {
          await federation.member(second).hasProof(romeo.server);
          if (hasOneStream(manner, first, second)) {
            assert.equal(federation.member(first).hasHadProof(juliet.server), false);
          } else await federation.member(first).hasProof(juliet.server);
        });

        /** Each goes on where the one before has ended, so after one that failed there is nothing to be learnt. */
        function scene(name: string, play: (romeo: Actor, juliet: Actor) => Promise<void>): void {
          it(name, async () => {
            assert.ok(!hasFailed, "An earlier scene has failed.");
            hasFailed = true;
            await play(romeo, juliet);
            hasFailed = false;
          });
        }
      });
    }

    if (taken.includes("rookery")) {
      it("the operator sees how the streams came about", async () => {
        const streams = await listStreams(federation.member("rookery"));
        assert.ok(streams.length >= taken.length - 1);
        for (const stream of streams) assert.deepEqual(stream, { ...stream, ...factsOf(stream, manner) });
      });
    }
  });
}
