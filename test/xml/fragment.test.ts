// What a fragment says of a stanza: attributes, children, source text, and its tree.
import assert from "node:assert/strict";
import { test } from "node:test";
import { serialise } from "../../src/xml/element.js";
import type { Fragment } from "../../src/xml/fragment.js";
import { HEADER, read } from "./transcript.js";

/** The one fragment that a stream with `source` inside makes. */
function fragmentOf(source: string | Buffer, header = HEADER): Fragment {
  const { fragments, lines } = read(Buffer.concat([Buffer.from(header), Buffer.from(source as string)]));
  assert.equal(fragments.length, 1, lines.join());
  return fragments[0]!;
}

const DB_HEADER =
  "<stream:stream xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams' " +
  "xmlns:db='jabber:server:dialback'>";

test("a message says to whom it goes, and keeps its text as written", () => {
  const content = "<body>Art thou &lt;not&gt; Romeo?</body><active xmlns='http://jabber.org/protocol/chatstates'/>";
  const source = `<message to='romeo@montague.lit/x' from="juliet@capulet.lit" type='chat' id='1' xml:lang='en'>${content}</message>`;
  const fragment = fragmentOf(source);
  assert.equal(fragment.name, "message");
  assert.equal(fragment.namespace, "jabber:client");
  assert.equal(fragment.prefix, "");
  assert.equal(fragment.to, "romeo@montague.lit/x");
  assert.equal(fragment.from, "juliet@capulet.lit");
  assert.equal(fragment.type, "chat");
  assert.equal(fragment.id, "1");
  assert.equal(fragment.lang, "en");
  assert.equal(fragment.otherAttributes, "");
  assert.equal(fragment.declarations, "");
  assert.equal(fragment.content, content);
  assert.equal(fragment.bytes, source.length);
  assert.equal(fragment.isAscii, true);
  assert.equal(fragment.hasText, false);
  assert.deepEqual(fragment.children, [
    { namespace: "jabber:client", name: "body" },
    { namespace: "http://jabber.org/protocol/chatstates", name: "active" },
  ]);
});

test("an empty stanza has no content, whichever way it is written", () => {
  for (const source of ["<presence/>", "<presence></presence>", "<presence />", "<presence\n></presence\t>"]) {
    const { content, children, to, type, id, bytes } = fragmentOf(source);
    assert.deepEqual(
      [content, children, to, type, id, bytes],
      ["", [], undefined, undefined, undefined, source.length],
    );
  }
});

test("values of attributes are unescaped, and their white space normalised (XML 1.0 §3.3.3)", () => {
  const { id, to } = fragmentOf(`<iq id='&lt;&quot;&#x1F339;&amp;amp;&#9;' to="a\r\nb\tc'd"/>`);
  assert.equal(id, '<"🌹&amp;\t');
  assert.equal(to, "a b c'd");
});

test("attributes written as empty are empty, not absent", () => {
  const { to, id, from } = fragmentOf(`<iq to='' id=""/>`);
  assert.deepEqual([to, id, from], ["", "", undefined]);
});

test("further attributes are kept as written, declarations apart", () => {
  const fragment = fragmentOf(`<iq b = "2'" xmlns:x='urn:x' id='1' x:c='&amp;' xmlns:y="urn:y"/>`);
  assert.equal(fragment.otherAttributes, ` b = "2'" x:c='&amp;'`);
  assert.equal(fragment.declarations, ` xmlns:x='urn:x' xmlns:y="urn:y"`);
});

test("prefixes of the stream header are declared again when content or attributes use them", () => {
  assert.equal(fragmentOf("<message><body/></message>", DB_HEADER).declarations, "");
  assert.equal(
    fragmentOf("<message><a><db:x/></a></message>", DB_HEADER).declarations,
    ` xmlns:db="jabber:server:dialback"`,
  );
  assert.equal(fragmentOf("<message db:a=''/>", DB_HEADER).declarations, ` xmlns:db="jabber:server:dialback"`);
  assert.equal(fragmentOf("<message xmlns:db='urn:x'><db:x/></message>", DB_HEADER).declarations, " xmlns:db='urn:x'");
});

test("an element with a prefix of the header is in that namespace", () => {
  const fragment = fragmentOf("<db:result to='a' from='b'>key</db:result>", DB_HEADER);
  assert.deepEqual([fragment.prefix, fragment.name, fragment.namespace], ["db", "result", "jabber:server:dialback"]);
  assert.equal(fragment.contentNamespace, "jabber:server");
  assert.equal(fragment.element().getNS(), "jabber:server:dialback");
  assert.equal(fragment.element().getText(), "key");
});

test("an element's own default namespace is its namespace and its children's", () => {
  const fragment = fragmentOf("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'><x/></auth>");
  assert.equal(fragment.namespace, "urn:ietf:params:xml:ns:xmpp-sasl");
  assert.deepEqual(fragment.children, [{ namespace: "urn:ietf:params:xml:ns:xmpp-sasl", name: "x" }]);
  assert.equal(fragment.element().attrs["mechanism"], "PLAIN");
  assert.equal(fragment.element().getChild("x")?.getNS(), "urn:ietf:params:xml:ns:xmpp-sasl");
});

test("children are named in order, whatever their prefixes; equal names are one object", () => {
  const { children } = fragmentOf(
    "<iq><q:a xmlns:q='urn:q'><b/></q:a><b xmlns='urn:&amp;'/><b/><b/><é xmlns=''/></iq>",
  );
  assert.deepEqual(children, [
    { namespace: "urn:q", name: "a" },
    { namespace: "urn:&", name: "b" },
    { namespace: "jabber:client", name: "b" },
    { namespace: "jabber:client", name: "b" },
    { namespace: "", name: "é" },
  ]);
  assert.equal(children[2], children[3]);
});

test("a tag that is known from one namespace is another one in another", () => {
  for (let round = 0; round < 3; round++) {
    const client = fragmentOf("<message><body>x</body></message>");
    const server = fragmentOf("<message><body>x</body></message>", DB_HEADER);
    assert.equal(client.children[0]?.namespace, "jabber:client");
    assert.equal(server.children[0]?.namespace, "jabber:server");
  }
});

test("text directly inside is noticed, white space is not text", () => {
  assert.equal(fragmentOf("<iq> \n<query> x </query>\t</iq>").hasText, false);
  assert.equal(fragmentOf("<iq>x</iq>").hasText, true);
  assert.equal(fragmentOf("<iq><query/> x</iq>").hasText, true);
  assert.equal(fragmentOf("<iq>&amp;</iq>").hasText, true);
  assert.equal(fragmentOf("<iq><![CDATA[x]]></iq>").hasText, true);
  assert.equal(fragmentOf("<iq><![CDATA[ ]]></iq>").hasText, false);
});

test("text in a CDATA section that arrives in pieces is noticed", () => {
  for (const size of [1, 2, 3, HEADER.length + "<iq><![CDATA[ ".length]) {
    assert.equal(read(`${HEADER}<iq><![CDATA[ x ]]></iq>`, size).fragments[0]?.hasText, true);
    assert.equal(read(`${HEADER}<iq><![CDATA[   ]]></iq>`, size).fragments[0]?.hasText, false);
  }
});

test("what is not ASCII is told as text, wherever it stands", () => {
  const { id, otherAttributes, content, isAscii, bytes } = fragmentOf("<iq a='ж' id='💔'><б>é</б></iq>");
  assert.deepEqual([id, otherAttributes, content, isAscii], ["💔", " a='ж'", "<б>é</б>", false]);
  assert.equal(bytes, Buffer.byteLength("<iq a='ж' id='💔'><б>é</б></iq>"));
  assert.equal(fragmentOf("<iq id='1'>é</iq >").content, "é");
});

test("one stanza beyond ASCII leaves its neighbours ASCII", () => {
  const { fragments } = read(`${HEADER}<iq id='1'/><iq id='2'>é</iq><iq id='3'/>`);
  assert.deepEqual(
    fragments.map(({ isAscii }) => isAscii),
    [true, false, true],
  );
});

test("the tree has the namespaces, texts and attributes of the source", () => {
  const element = fragmentOf(
    "<iq type='result' id='1' b='&gt;'><query xmlns='jabber:iq:roster'>a<![CDATA[<b>]]>&amp;\r\nc" +
      "<item jid='nurse@capulet.lit' name=\"it's\"/></query></iq>",
  ).element();
  assert.equal(element.getNS(), "jabber:client");
  assert.deepEqual({ ...element.attrs }, { b: ">", xmlns: "jabber:client", type: "result", id: "1" });
  const query = element.getChild("query", "jabber:iq:roster");
  assert.equal(query?.parent, element);
  assert.equal(query.getText(), "a<b>&\nc");
  assert.equal(query.getChild("item", "jabber:iq:roster")?.attrs["name"], "it's");
  assert.equal(
    serialise(element),
    `<iq b="&gt;" xmlns="jabber:client" type="result" id="1"><query xmlns="jabber:iq:roster">a&lt;b&gt;&amp;\nc` +
      `<item jid="nurse@capulet.lit" name="it&apos;s"/></query></iq>`,
  );
});

test("the tree is built once", () => {
  const fragment = fragmentOf("<iq/>");
  assert.equal(fragment.element(), fragment.element());
});

test("an undeclared default namespace is not inherited, the prefix xml is known", () => {
  const element = fragmentOf("<message><body xmlns=''/><xml:a/></message>").element();
  assert.equal(element.getChild("body", "jabber:client"), undefined);
  assert.equal(element.getChild("body")?.getNS(), "");
  assert.equal(element.getChild("a")?.getNS(), "http://www.w3.org/XML/1998/namespace");
});

test("an attribute named __proto__ is an attribute", () => {
  const element = fragmentOf("<message><a __proto__='x' constructor='y'/></message>").element();
  assert.equal(serialise(element.getChild("a")!), `<a __proto__="x" constructor="y"/>`);
});
