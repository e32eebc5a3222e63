// What the reader refuses, and with which stream error (RFC 6120 §4.9.3, §11).
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { HEADER, linesAfterHeader, read } from "./transcript.js";

/** Each: what Romeo sends inside an open stream, and the condition he is answered with. */
const inside: Record<string, [string | Buffer, string][]> = {
  "not well-formed XML (RFC 6120 §11.3)": [
    ["<message></presence>", "not-well-formed"],
    ["<message><body></message>", "not-well-formed"],
    ["<message><body></bodyx></message>", "not-well-formed"],
    ["<message></stream:stream>", "not-well-formed"],
    ["</message>", "not-well-formed"],
    ["< message/>", "not-well-formed"],
    ["<1message/>", "not-well-formed"],
    ["<message /x>", "not-well-formed"],
    ["<message to>", "not-well-formed"],
    ["<message to=>", "not-well-formed"],
    ["<message to=juliet>", "not-well-formed"],
    ["<message to='a'id='b'/>", "not-well-formed"],
    ["<message to='a' to='b'/>", "not-well-formed"],
    ["<message to='<'/>", "not-well-formed"],
    ["<message to='a<b", "not-well-formed"],
    ["<message to='a' <", "not-well-formed"],
    ["<message></message <", "not-well-formed"],
    ["<message 'to'/>", "not-well-formed"],
    ["<message><body>a ]]> b</body></message>", "not-well-formed"],
    ["<message><body>a & b</body></message>", "not-well-formed"],
    ["<message><body>&;</body></message>", "not-well-formed"],
    ["<message><body>&amp</body></message>", "not-well-formed"],
    ["<message to='a & b'/>", "not-well-formed"],
    ["<message><!foo></message>", "not-well-formed"],
    ["<message><!-x></message>", "not-well-formed"],
    ["<message><![cdata[x]]></message>", "not-well-formed"],
  ],
  "characters that XML forbids (XML 1.0 §2.2)": [
    ["<message><body>\0</body></message>", "not-well-formed"],
    ["<message><body>\x0b</body></message>", "not-well-formed"],
    ["<message><body><![CDATA[\x1f]]></body></message>", "not-well-formed"],
    ["<message to='\x08'/>", "not-well-formed"],
    ["<message><body>\ufffe</body></message>", "not-well-formed"],
    ["<message to='\uffff'/>", "not-well-formed"],
    ["<message><body>&#0;</body></message>", "not-well-formed"],
    ["<message><body>&#xB;</body></message>", "not-well-formed"],
    ["<message><body>&#xD800;</body></message>", "not-well-formed"],
    ["<message><body>&#xFFFE;</body></message>", "not-well-formed"],
    ["<message><body>&#x110000;</body></message>", "not-well-formed"],
    ["<message><body>&#x;</body></message>", "not-well-formed"],
    ["<message><body>&#12a;</body></message>", "not-well-formed"],
    ["<message to='&#1;'/>", "not-well-formed"],
    ["<\u00d7/>", "not-well-formed"],
    ["<a\u2190/>", "not-well-formed"],
  ],
  "names that Namespaces in XML 1.0 forbids (RFC 6120 §11.3)": [
    ["<x:message/>", "not-well-formed"],
    ["<message x:to='a'/>", "not-well-formed"],
    ["<message><x:body/></message>", "not-well-formed"],
    ["<message><a xmlns:x='urn:x'/><x:b/></message>", "not-well-formed"],
    ["<message><a xmlns:x='urn:x'></a><x:b/></message>", "not-well-formed"],
    ["<a:b:c xmlns:a='urn:a'/>", "not-well-formed"],
    ["<:message/>", "not-well-formed"],
    ["<stream:/>", "not-well-formed"],
    ["<stream:1x/>", "not-well-formed"],
    ["<message 1x:y=''/>", "not-well-formed"],
    ["<message -x=''/>", "not-well-formed"],
    ["<message xmlns:a='urn:a' xmlns:b='urn:a' a:x='1' b:x='2'/>", "not-well-formed"],
    ["<message xmlns:xml='urn:x'/>", "not-well-formed"],
    ["<message xmlns:xmlns='http://www.w3.org/2000/xmlns/'/>", "not-well-formed"],
    ["<message xmlns:x='http://www.w3.org/XML/1998/namespace'/>", "not-well-formed"],
    ["<message xmlns='http://www.w3.org/2000/xmlns/'/>", "not-well-formed"],
    ["<message xmlns='http://www.w3.org/XML/1998/namespac&#101;'/>", "not-well-formed"],
    ["<message xmlns:x=''/>", "not-well-formed"],
    ["<xmlns:message/>", "not-well-formed"],
  ],
  "restricted XML (RFC 6120 §11.1)": [
    ["<!-- Wherefore -->", "restricted-xml"],
    ["<message><!-- Wherefore --></message>", "restricted-xml"],
    ["<?play act='2'?>", "restricted-xml"],
    ["<message><?play act='2'?></message>", "restricted-xml"],
    ["<?xml version='1.0'?>", "restricted-xml"],
    ["<!DOCTYPE message>", "restricted-xml"],
    ["<message><!DOCTYPE message></message>", "restricted-xml"],
    ["<message><!ENTITY x 'y'></message>", "restricted-xml"],
    ["<message><body>&nbsp;</body></message>", "restricted-xml"],
    ["<message to='&lol9;'/>", "restricted-xml"],
  ],
  "what is not UTF-8 (RFC 6120 §11.6)": [
    [Buffer.from("<message><body>\xff</body></message>", "latin1"), "unsupported-encoding"],
    [Buffer.from("<message><body>caf\xe9</body></message>", "latin1"), "unsupported-encoding"],
    [Buffer.from("<message><body>\xc0\x80</body></message>", "latin1"), "unsupported-encoding"],
    [Buffer.from("<message><body>\xed\xa0\x80</body></message>", "latin1"), "unsupported-encoding"],
    [Buffer.from("<message><body>\xf5\x80\x80\x80</body></message>", "latin1"), "unsupported-encoding"],
    [Buffer.from("<message to='\xe2\x82'/>", "latin1"), "unsupported-encoding"],
    [Buffer.from("<caf\xe9/>", "latin1"), "unsupported-encoding"],
    [Buffer.from("\xff", "latin1"), "unsupported-encoding"],
    [Buffer.from("<message><body>\xff</presence>", "latin1"), "unsupported-encoding"],
  ],
  "text between stanzas (RFC 6120 §11.7)": [
    ["Romeo", "bad-format"],
    ["é", "bad-format"],
    ["&#32;", "bad-format"],
    ["<![CDATA[ ]]>", "bad-format"],
  ],
};

for (const [title, cases] of Object.entries(inside)) {
  describe(title, () => {
    for (const [sent, condition] of cases) {
      test(`${JSON.stringify(sent.toString())} is answered with ${condition}`, () => {
        assert.deepEqual(linesAfterHeader(sent), [`fault ${condition}`]);
      });
    }
  });
}

/** Each: what Romeo sends instead of a stream header. */
const first: [string | Buffer, string][] = [
  ["Romeo", "not-well-formed"],
  ["\ufeff<stream/>", "not-well-formed"],
  ["&amp;", "not-well-formed"],
  ["</stream:stream>", "not-well-formed"],
  ["<![CDATA[", "not-well-formed"],
  [" <?xml version='1.0'?>", "restricted-xml"],
  ["<?xml version='1.0'?><?xml version='1.0'?>", "restricted-xml"],
  ["<?xml-stylesheet href='x'?>", "restricted-xml"],
  ["<!-- Wherefore --><stream/>", "restricted-xml"],
  ["<!DOCTYPE stream [<!ENTITY lol 'lol'>]>", "restricted-xml"],
  ["<?xml version='1.0' encoding='ISO-8859-1'?>", "unsupported-encoding"],
  ["<?xml version='1.0' encoding='UTF-16'?>", "unsupported-encoding"],
  ["<?xml?>", "restricted-xml"],
  ["<?xml ?>", "not-well-formed"],
  ["<?xml version='2.0'?>", "not-well-formed"],
  ["<?xml encoding='UTF-8'?>", "not-well-formed"],
  ["<?xml version='1.0' standalone='maybe'?>", "not-well-formed"],
  [`<?xml version='1.0' ${" ".repeat(300)}?>`, "not-well-formed"],
  [Buffer.from("\ufeff<stream/>", "utf16le"), "unsupported-encoding"],
  [Buffer.from("<stream/>", "utf16le"), "unsupported-encoding"],
  [Buffer.from("<stream/>", "utf16le").swap16(), "unsupported-encoding"],
  ["<stream:stream>", "not-well-formed"],
  ["<stream to='a' to='b'>", "not-well-formed"],
];

describe("before the stream header (RFC 6120 §4.2, §11.5, §11.6)", () => {
  for (const [sent, condition] of first) {
    test(`${JSON.stringify(sent.toString())} is answered with ${condition}`, () => {
      for (const size of [Infinity, 1, 2, 3]) assert.deepEqual(read(sent, size).lines, [`fault ${condition}`]);
    });
  }
});

test("what came before a fault is told, what follows is not", () => {
  const { lines } = read(`${HEADER}<presence/><message></presence><presence/></stream:stream>`);
  assert.deepEqual(lines, ["open stream", "presence: ", "fault not-well-formed"]);
});
