// Requests to see and to change lists of roles and affiliations (XEP-0045 §8–§10): their form.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Element, Jid } from "../../../src/extension/index.js";
import { changesIn, listRequestIn } from "../../../xeps/0045-multi-user-chat/admin-request.js";
import { elementOf } from "../../support/same-xml.js";
import { conditionOf } from "./conditions.js";

function query(...items: readonly string[]): Element {
  return elementOf(`<query xmlns='http://jabber.org/protocol/muc#admin'>${items.join("")}</query>`);
}

test("one list is asked for at a time", () => {
  assert.deepEqual(listRequestIn(query("<item affiliation='outcast'/>")), { affiliation: "outcast" });
  assert.deepEqual(listRequestIn(query("<item role='moderator'/>")), { role: "moderator" });
  const wrong = [
    query(),
    query("<item/>"),
    query("<item affiliation='member'/>", "<item role='visitor'/>"),
    query("<item affiliation='none' role='none'/>"),
    query("<item affiliation='king'/>"),
    query("<item affiliation='toString'/>"),
    query("<item role=''/>"),
    query("<item xmlns='urn:other' role='visitor'/>"),
  ];
  for (const each of wrong) assert.equal(conditionOf(() => listRequestIn(each)), "bad-request", String(each)); // prettier-ignore
});

test("roles change by nickname, affiliations by bare address", () => {
  const changes = changesIn(
    query(
      "<item nick='Tybalt' role='none'><reason> Avaunt! </reason></item>",
      "<item jid='Paris@verona.example/street' affiliation='outcast'><actor nick='x'/></item>",
      "<item jid='mantua.example' affiliation='outcast'/>",
      "<item jid='rosaline@verona.example' affiliation='member' nick=''/>",
      "<item nick='Peter' affiliation='member'/>",
    ),
  );
  const affiliation = (jid: string | undefined, name: string, nick?: string) => {
    return { kind: "affiliation", affiliation: name, jid: jid && Jid.parse(jid), nick, reason: "" };
  };
  assert.deepEqual(changes, [
    { kind: "role", nick: "Tybalt", role: "none", reason: "Avaunt!" },
    affiliation("paris@verona.example", "outcast"),
    affiliation("mantua.example", "outcast"),
    affiliation("rosaline@verona.example", "member", ""),
    affiliation(undefined, "member", "Peter"),
  ]);
});

test("what is no change is refused, with the error that says why", () => {
  const wrong: readonly [string, Element][] = [
    ["bad-request", query()],
    ["bad-request", query("<item nick='Tybalt'/>")],
    ["bad-request", query("<item nick='Tybalt' jid='tybalt@verona.example' role='none' affiliation='none'/>")],
    ["bad-request", query("<item role='none'/>")],
    ["bad-request", query("<item nick='' role='none'/>")],
    ["bad-request", query("<item jid='tybalt@verona.example' role='none'/>")],
    ["bad-request", query("<item nick='Tybalt' role='king'/>")],
    ["bad-request", query("<item jid='tybalt@verona.example' affiliation='king'/>")],
    ["bad-request", query("<item affiliation='none'/>")],
    ["bad-request", query("<item jid='' affiliation='none'/>")],
    ["bad-request", query("<item nick='' affiliation='none'/>")],
    ["bad-request", query("<item jid='verona.example' affiliation='owner'/>")],
    ["bad-request", query("<item nick='Tybalt' role='none'/>", "<item nick='Tybalt' role='visitor'/>")],
    ["bad-request", query("<item jid='a@b.example/1' affiliation='none'/>", "<item jid='A@b.example' affiliation='member'/>")], // prettier-ignore
    ["bad-request", query(...Array.from({ length: 501 }, (_, index) => `<item nick='p${index}' role='none'/>`))],
    ["jid-malformed", query("<item jid='@verona.example' affiliation='none'/>")],
    ["jid-malformed", query(`<item jid='${"a".repeat(4000)}@verona.example' affiliation='none'/>`)],
    ["jid-malformed", query("<item jid='tybalt@' nick='Tybalt' affiliation='none'/>")],
    ["not-acceptable", query(`<item nick='Tybalt' role='none'><reason>${"a".repeat(1001)}</reason></item>`)],
  ];
  for (const [condition, each] of wrong) assert.equal(conditionOf(() => changesIn(each)), condition, String(each).slice(0, 200)); // prettier-ignore
});

test("a nickname that looks like an address is another target than the address", () => {
  const changes = changesIn(
    query("<item nick='a@b.example' role='visitor'/>", "<item jid='a@b.example' affiliation='member'/>"),
  );
  assert.equal(changes.length, 2);
});
