// Nicknames that are none, or that could be taken for somebody else's (XEP-0045 §7.2.8, §7.6; RFC 8266).
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { adminQuery, arrivals, enters, garden, muc, party, refusal, roomGoesOn } from "../support/rooms.js";

const forbidden = {
  "no nickname": ["", "jid-malformed modify"],
  "only spaces": ["   ", "not-acceptable modify"],
  "a control character": ["Ro&#x85;meo", "jid-malformed modify"],
  "a character that is not assigned": ["Romeo&#x0378;", "jid-malformed modify"],
  "a bidirectional override": ["Romeo&#x202E;", "jid-malformed modify"],
  "more than 1023 octets": ["R".repeat(1024), "jid-malformed modify"],
} as const;

describe("a nickname that is none", () => {
  for (const [name, [nick, expected]] of Object.entries(forbidden)) {
    test(name, async (t) => {
      const { stage, romeo, everybody } = await party(t);
      const tybalt = await stage.login("tybalt");
      const address = nick === "" ? garden : `${garden}/${nick}`;
      assert.equal(await refusal(stage, tybalt, `<presence to='${address}'>${muc}</presence>`), expected);
      if (nick !== "") assert.equal(await refusal(stage, romeo, `<presence to='${address}'/>`), expected);
      await stage.receiveNothing(...everybody);
      await roomGoesOn(stage, romeo, everybody);
    });
  }
});

const alike = {
  "in other case": "JULIET",
  "with spaces at the ends": " Juliet ",
  "in full-width letters": "Ｊｕｌｉｅｔ",
  "with a no-break space": "Juliet&#xA0;",
  "with a compatibility letter": "Ｊuliet",
};

describe("RFC 8266 §2.4: nobody else gets a nickname that is written in another way", () => {
  for (const [name, nick] of Object.entries(alike)) {
    test(name, async (t) => {
      const { stage, romeo, juliet, everybody } = await party(t);
      const tybalt = await stage.login("tybalt");
      assert.equal(await refusal(stage, tybalt, enters(nick)), "conflict cancel");
      assert.equal(await refusal(stage, romeo, `<presence to='${garden}/${nick}'/>`), "conflict cancel");
      await stage.receiveNothing(...everybody);
      await roomGoesOn(stage, juliet, everybody);
    });
  }
});

test("spaces within are one space, in which nicknames are equal too", async (t) => {
  const { stage, capulet, everybody } = await party(t);
  const [one, other] = [await stage.login("montague"), await stage.login("tybalt")];
  one.send(enters("Old  Montague"));
  const own = (await arrivals(stage, one)).find((each) => each.toString().includes('code="110"'));
  assert.equal(own?.attrs["from"], `${garden}/Old Montague`);
  assert.ok(own?.toString().includes('<status code="210"/>'), String(own));
  assert.equal(await refusal(stage, other, enters("old    montague")), "conflict cancel");
  await roomGoesOn(stage, capulet, [...everybody, one]);
});

test("a nickname that somebody has reserved is nobody else's, however it is written", async (t) => {
  const { stage, capulet, romeo, juliet, everybody } = await party(t);
  const item = "<item affiliation='member' jid='paris@verona.example' nick='Count Paris'/>";
  await capulet.gets("set", adminQuery(item), garden);
  assert.equal(await refusal(stage, romeo, `<presence to='${garden}/count  PARIS'/>`), "conflict cancel");
  const again = item.replace("paris@", "tybalt@").replace("Count Paris", "COUNT paris");
  await capulet.isRefused("conflict", "set", adminQuery(again), garden);
  await roomGoesOn(stage, juliet, everybody);
});
