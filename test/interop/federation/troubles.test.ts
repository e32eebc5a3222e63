// Domains that cannot be reached, each for a reason of its own: whoever writes there is told so, and why.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Actor } from "./support/actor.js";
import { ownAddress } from "./support/addresses.js";
import { Authority, type Credentials } from "./support/authority.js";
import { Federation, placesOf, seatsTaken } from "./support/federation.js";
import type { Member } from "./support/member.js";
import { reasonAgainst } from "./support/operator.js";
import { OddPeer } from "./support/odd-peers.js";
import { talk } from "./support/scenes.js";
import { PATIENCE_SECONDS, type Manner } from "./support/server.js";
import { certificates, troubles } from "./support/troubles.js";

const manner: Manner = {
  road: "STARTTLS",
  proof: "certificate",
  isBidirectional: false,
  hasStreamManagement: false,
};

/** Its certificate is good, but not made for those who connect. */
const SERVERS_ONLY = "servers-only.example";

/** Of the one real server whose certificates are of no use. */
function brokenPapers(authority: Authority): Map<string, Credentials> {
  return new Map([
    ["expired.example", authority.issue("expired.example", { hasExpired: true })],
    ["wrong-name.example", authority.issue("right-name.example")],
    ["untrusted.example", new Authority("The Rose").issue("untrusted.example")],
    [SERVERS_ONLY, authority.issue(SERVERS_ONLY, { isForServersOnly: true })],
  ]);
}

describe("domains that cannot be reached", () => {
  const taken = seatsTaken().filter((seat) => seat !== "another rookery");
  let federation: Federation;
  let broken: Member;
  let oddPeers: OddPeer[] = [];

  before(async () => {
    const where = { broken: await ownAddress(), mute: await ownAddress(), plain: await ownAddress() };
    const places = [
      ...placesOf(
        Object.values(certificates).map(({ domain }) => domain),
        where.broken,
        manner,
      ),
      ...placesOf(["stranger.example", SERVERS_ONLY], where.broken, manner),
      ...placesOf(["mute.example"], where.mute, manner),
      ...placesOf(["plain.example"], where.plain, manner),
      ...placesOf(["closed.example"], await ownAddress(), manner),
    ];
    federation = await Federation.start(taken, manner, { places, queueSeconds: 2 * PATIENCE_SECONDS });
    const { authority } = federation;
    const papers = { credentials: brokenPapers(authority), authorities: authority.certificate };
    broken = await federation.join("broken", "prosody", where.broken, papers);
    oddPeers = [await OddPeer.mute(where.mute), await OddPeer.plain(where.plain, "plain.example")];
  });
  after(async () => {
    for (const peer of oddPeers) peer.stop();
    await federation.stop();
  });

  for (const seat of taken) {
    describe(`for ${seat}`, () => {
      let member: Member;
      let romeo: Actor;
      before(async () => {
        member = federation.member(seat);
        romeo = await Actor.cast(member, "romeo", member.domainFor("first"));
        await romeo.enters();
        for (const { domain } of Object.values(troubles)) romeo.writes({ address: `juliet@${domain}` }, "Good night");
      });
      after(() => romeo.vanishes());

      for (const [what, trouble] of Object.entries(troubles)) {
        it(what, async () => {
          const from = `juliet@${trouble.domain}`;
          const { condition, text } = await romeo.isRefused({ kind: "message", from });
          if (seat !== "rookery") return assert.match(condition, /^remote-server-(not-found|timeout)$/);
          assert.deepEqual(
            { condition, saysWhy: trouble.words.test(text) },
            { condition: trouble.condition, saysWhy: true },
          );
          await member.logs(new RegExp(`"${trouble.domain}","reason":"${trouble.reason}".*"s2s-failed"`));
        });
      }

      for (const [what, { domain, reason }] of Object.entries(certificates)) {
        it(`a visitor with ${what}`, async () => {
          const iago = await Actor.cast(broken, `iago-of-${seat}`, domain);
          await iago.enters();
          iago.writes(romeo, "I am not what I am");
          await iago.isRefused({ kind: "message", from: romeo.address });
          iago.vanishes();
          await romeo.gets("jabber:iq:roster");
          assert.equal(romeo.hasRead("I am not what I am"), 0);
          if (seat === "rookery") await member.logs(new RegExp(`"${reason}".*"s2s-rejected"`));
        });
      }

      if (seat === "rookery") {
        it("the operator is told the same by a walk there", async () => {
          const walked = Object.values(troubles).filter(({ domain }) =>
            /^(no-service|closed|expired|wrong|untr)/.test(domain),
          );
          const reasons = await Promise.all(walked.map(({ domain }) => reasonAgainst(member, domain)));
          assert.deepEqual(
            reasons,
            walked.map(({ reason }) => reason),
          );
          assert.equal(await reasonAgainst(member, SERVERS_ONLY), undefined);
        });
      }

      // As public authorities issue them now; ejabberd takes them only from those whom it connects to itself.
      if (seat !== "ejabberd") {
        it("a visitor with a certificate for servers only is welcome", async () => {
          const iago = await Actor.cast(broken, `iago-of-${seat}`, SERVERS_ONLY);
          await iago.enters();
          await talk(iago, romeo);
          iago.vanishes();
        });
      }
    });
  }
});
