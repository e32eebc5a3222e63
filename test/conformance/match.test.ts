// The matcher: Scansion's lenient and strict rules, and the placeholders.
import assert from "node:assert/strict";
import test from "node:test";
import { match } from "../../conformance/scene/match.js";
import { parseElements } from "../../conformance/xml/element.js";

function compare(expected: string, actual: string) {
  const [wanted] = parseElements(expected);
  const [came] = parseElements(actual);
  assert.ok(wanted && came);
  return match(wanted, came);
}

function assertMatch(expected: string, actual: string): void {
  assert.deepEqual(compare(expected, actual), { captures: new Map() });
}

function assertMismatch(expected: string, actual: string, reason: RegExp): void {
  const result = compare(expected, actual);
  assert.ok("mismatch" in result, "it matched");
  assert.match(result.mismatch, reason);
}

test("a stanza may have more attributes and children than expected, in any order", () => {
  assertMatch(
    "<message type='chat'><subject>s</subject><body>O Romeo</body></message>",
    "<message from='juliet@localhost' type='chat'><body>O Romeo</body><extra xmlns='urn:x'/><subject>s</subject></message>",
  );
});

test("names, namespaces, attributes and text have to agree", () => {
  assertMismatch("<message/>", "<presence/>", /expected <message\/>, not <presence\/>/);
  assertMismatch("<message/>", "<message xmlns='jabber:server'/>", /namespace jabber:client, not jabber:server/);
  assertMismatch("<message type='chat'/>", "<message/>", /type='chat', not none/);
  assertMismatch("<message><body>yes</body></message>", "<message><body>no</body></message>", /'yes', not 'no'/);
  assertMismatch("<message><body/></message>", "<message/>", /<body\/> is missing/);
});

test("what has a namespace of its own is matched strictly", () => {
  const expected = "<iq><query xmlns='urn:q'><a/><b/></query></iq>";
  assertMatch(expected, "<iq><query xmlns='urn:q'><a/><b/></query></iq>");
  assertMismatch(expected, "<iq><query xmlns='urn:q'><a/><b/><c/></query></iq>", /unexpected child <c\/>/);
  assertMismatch(expected, "<iq><query xmlns='urn:q'><b/><a/></query></iq>", /expected <a\/>, not <b\/>/);
  assertMismatch(expected, "<iq><query xmlns='urn:q' ver='1'><a/><b/></query></iq>", /unexpected attribute ver/);
});

test("scansion:strict turns strictness off and on for what is inside", () => {
  const lenient = "<iq><query xmlns='urn:q' scansion:strict='false'><b/></query></iq>";
  assertMatch(lenient, "<iq><query xmlns='urn:q' ver='1'><a/><b c='d'/></query></iq>");
  const strict = "<message scansion:strict='true'><body>O</body></message>";
  assertMismatch(strict, "<message id='1'><body>O</body></message>", /unexpected attribute id/);
});

test("scansion:absent says what must not be there", () => {
  const expected = "<message><body scansion:absent='true'/></message>";
  assertMatch(expected, "<message/>");
  assertMismatch(expected, "<message><body>O</body></message>", /<body\/> should not be in <message\/>/);
});

test("{scansion:any} needs a value, whatever it is", () => {
  assertMatch("<iq id='{scansion:any}'/>", "<iq id='x'/>");
  assertMismatch("<iq id='{scansion:any}'/>", "<iq/>", /id='{scansion:any}', not none/);
  assertMatch("<iq to='romeo@localhost/{scansion:any}'/>", "<iq to='romeo@localhost/orchard'/>");
  assertMatch("<message><body>{scansion:any}</body></message>", "<message><body>O</body></message>");
});

test("{scansion:none} says that an attribute must not be there", () => {
  assertMatch("<iq to='{scansion:none}'/>", "<iq/>");
  assertMismatch("<iq to='{scansion:none}'/>", "<iq to='a'/>", /should have to='{scansion:none}', not 'a'/);
});

test("{scansion:not:x} takes any value but x", () => {
  assertMatch("<iq id='{scansion:not:mine}'/>", "<iq id='yours'/>");
  assertMismatch("<iq id='{scansion:not:mine}'/>", "<iq id='mine'/>", /not 'mine'/);
  assertMismatch("<iq id='{scansion:not:mine}'/>", "<iq/>", /not none/);
});

test("{scansion:datetime} and {scansion:integer} look at the form", () => {
  assertMatch("<message id='{scansion:datetime}'/>", "<message id='2002-09-10T23:08:25Z'/>");
  assertMismatch("<message id='{scansion:datetime}'/>", "<message id='20020910T23:08:25'/>", /not '20020910T23:08:25'/);
  assertMatch("<message id='{scansion:integer}'/>", "<message id='042'/>");
  assertMismatch("<message id='{scansion:integer}'/>", "<message id='x'/>", /not 'x'/);
});

test("{scansion:capture:name} keeps the value", () => {
  const result = compare("<iq id='{scansion:capture:push}-{scansion:any}'/>", "<iq id='17-4'/>");
  assert.deepEqual(result, { captures: new Map([["push", "17"]]) });
});

test("what was captured by a child that did not match is forgotten", () => {
  const result = compare(
    "<iq><query xmlns='urn:q' scansion:strict='false'><item id='{scansion:capture:id}' jid='b'/></query></iq>",
    "<iq><query xmlns='urn:q'><item id='1' jid='a'/><item id='2' jid='b'/></query></iq>",
  );
  assert.deepEqual(result, { captures: new Map([["id", "2"]]) });
});
