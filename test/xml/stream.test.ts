// The course of a stream: header, stanzas, white space, closing, and the ways to steer the reader.
import assert from "node:assert/strict";
import { test } from "node:test";
import { StreamReader } from "../../src/xml/reader.js";
import type { Fragment } from "../../src/xml/fragment.js";
import type { StreamOpening } from "../../src/xml/reader.js";
import { HEADER, LIMITS, linesAfterHeader, read, Transcript } from "./transcript.js";

function openingOf(header: string): StreamOpening {
  const openings: StreamOpening[] = [];
  const events = { ...noEvents, onOpen: (opening: StreamOpening) => openings.push(opening) };
  new StreamReader(events, LIMITS).write(Buffer.from(header));
  assert.equal(openings.length, 1);
  return openings[0]!;
}

const noEvents = { onOpen() {}, onFragment() {}, onClose() {}, onFault() {} };

test("a stream header is told with everything it says", () => {
  const opening = openingOf(
    `<?xml version="1.0" encoding="utf-8" standalone='yes'?>\n<stream:stream xmlns='jabber:server' ` +
      `xmlns:stream='http://etherx.jabber.org/streams' xmlns:db='jabber:server:dialback' ` +
      `from='montague.lit' to="capulet.lit" id='a&amp;b' version='1.0' xml:lang='it'>`,
  );
  assert.deepEqual(
    { ...opening, prefixes: Object.fromEntries(opening.prefixes) },
    {
      name: "stream",
      namespace: "http://etherx.jabber.org/streams",
      prefix: "stream",
      defaultNamespace: "jabber:server",
      prefixes: { stream: "http://etherx.jabber.org/streams", db: "jabber:server:dialback" },
      from: "montague.lit",
      to: "capulet.lit",
      id: "a&b",
      version: "1.0",
      lang: "it",
    },
  );
});

test("a stream header without prefix and namespace is told as it is", () => {
  const { name, namespace, prefix, defaultNamespace } = openingOf("<stream>");
  assert.deepEqual([name, namespace, prefix, defaultNamespace], ["stream", "", "", ""]);
});

test("a header whose default namespace is that of streams is told as it is", () => {
  const { namespace, prefix, defaultNamespace } = openingOf("<stream xmlns='http://etherx.jabber.org/streams'>");
  assert.equal(namespace, "http://etherx.jabber.org/streams");
  assert.equal(defaultNamespace, "http://etherx.jabber.org/streams");
  assert.equal(prefix, "");
});

test("the content namespace of servers is read as that of clients, said by the header or by an element itself", () => {
  const fragments: Fragment[] = [];
  const events = { ...noEvents, onFragment: (fragment: Fragment) => void fragments.push(fragment) };
  const own = "<message xmlns='jabber:server'><body/></message>";
  const strange = "<message xmlns='jabber:component:accept'/>";
  const header = "<s:stream xmlns='jabber:server' xmlns:s='http://etherx.jabber.org/streams'>";
  const reader = new StreamReader(events, LIMITS, "jabber:server");
  reader.write(Buffer.from(`${header}<iq/>${own}<presence xmlns='jabber:client'/>${strange}`));
  const client = "jabber:client";
  assert.deepEqual(
    fragments.map(({ namespace }) => namespace),
    [client, client, client, "jabber:component:accept"],
  );
  assert.deepEqual(fragments[1]?.children, [{ namespace: client, name: "body" }]);
  assert.equal(fragments[1].element().toString(), '<message xmlns="jabber:client"><body/></message>');
});

test("Romeo opens, speaks twice, and closes; nothing that follows is read", () => {
  const sent = "<message><body>Juliet</body></message> \n<presence/>\t</stream:stream>\n<message/><";
  assert.deepEqual(linesAfterHeader(sent), ["message: <body>Juliet</body>", "presence: ", "close"]);
});

test("an empty stream opens and closes", () => {
  assert.deepEqual(read("<stream to='capulet.lit'/>").lines, ["open stream", "close"]);
});

test("the closing tag may contain white space behind its name, and ends in nothing else", () => {
  assert.deepEqual(linesAfterHeader("</stream:stream \n >"), ["close"]);
  assert.deepEqual(linesAfterHeader("</stream:streamer>"), ["fault not-well-formed"]);
  assert.deepEqual(linesAfterHeader(`</stream:stream${" ".repeat(2000)}>`), ["fault policy-violation"]);
});

test("white space between stanzas leaves nothing behind (RFC 6120 §4.6.1)", () => {
  const transcript = new Transcript();
  const reader = new StreamReader(transcript, LIMITS);
  reader.write(Buffer.from(HEADER));
  for (let turn = 0; turn < 100; turn++) {
    reader.write(Buffer.from(" \r\n\t"));
    assert.equal(reader.bufferedBytes, 0);
  }
  reader.write(Buffer.from("<presence/>"));
  assert.deepEqual(transcript.lines, ["open stream", "presence: "]);
});

test("a character of several bytes may arrive in pieces", () => {
  const said = "<message><body>¡Ay, 💔 мне!</body></message>";
  for (const size of [1, 2, 3, 5]) {
    assert.equal(
      read(HEADER + said, size)
        .fragments[0]?.element()
        .getChildText("body"),
      "¡Ay, 💔 мне!",
    );
  }
});

test("a chunk may be used for something else once write has returned", () => {
  const transcript = new Transcript();
  const reader = new StreamReader(transcript, LIMITS);
  const chunk = Buffer.alloc(1);
  for (const byte of Buffer.from(`${HEADER}<message id='1'><body>Soft!</body></message>`)) {
    chunk[0] = byte;
    reader.write(chunk);
  }
  assert.equal(transcript.fragments[0]?.id, "1");
  assert.equal(transcript.fragments[0].content, "<body>Soft!</body>");
});

/** A reader whose user does something at each fragment named `name`. */
function steered(name: string, steer: (reader: StreamReader) => void): { reader: StreamReader; lines: string[] } {
  const transcript = new Transcript();
  const events = {
    onOpen: (opening: StreamOpening) => transcript.onOpen(opening),
    onFragment(fragment: Transcript["fragments"][number]) {
      transcript.onFragment(fragment);
      if (fragment.name === name) steer(reader);
    },
    onClose: () => transcript.onClose(),
    onFault: (fault: { condition: string }) => transcript.onFault(fault),
  };
  const reader = new StreamReader(events, LIMITS);
  return { reader, lines: transcript.lines };
}

test("after a reset the same bytes go on with a new stream header", () => {
  const { reader, lines } = steered("auth", (it) => it.reset());
  reader.write(Buffer.from(`${HEADER}<auth/>\n${HEADER}<presence/>`));
  assert.deepEqual(lines, ["open stream", "auth: ", "open stream", "presence: "]);
});

test("after a reset prefixes of the former header are gone", () => {
  const { reader, lines } = steered("auth", (it) => it.reset());
  reader.write(Buffer.from(`${HEADER}<auth/><stream xmlns='jabber:client'><message><stream:x/></message>`));
  assert.deepEqual(lines, ["open stream", "auth: ", "open stream", "fault not-well-formed"]);
});

test("what was sent along with starttls is dropped (RFC 6120 §5.4.3.3)", () => {
  const { reader, lines } = steered("starttls", (it) => {
    it.discard();
    it.reset();
  });
  reader.write(Buffer.from(`${HEADER}<starttls/>${HEADER}<message><body>injected`));
  assert.equal(reader.bufferedBytes, 0);
  reader.write(Buffer.from(`${HEADER}<presence/>`));
  assert.deepEqual(lines, ["open stream", "starttls: ", "open stream", "presence: "]);
});

test("discarding drops a begun stanza", () => {
  const { reader, lines } = steered("", () => {});
  reader.write(Buffer.from(`${HEADER}<message><bo`));
  reader.discard();
  reader.write(Buffer.from("<presence/>"));
  assert.deepEqual(lines, ["open stream", "presence: "]);
});

test("a paused reader keeps bytes and goes on with them", () => {
  const { reader, lines } = steered("message", (it) => it.pause());
  reader.write(Buffer.from(`${HEADER}<message/><presence/><pres`));
  reader.write(Buffer.from("ence id='2'/>"));
  assert.deepEqual(lines, ["open stream", "message: "]);
  assert.equal(reader.bufferedBytes, "<presence/><presence id='2'/>".length);
  reader.resume();
  assert.deepEqual(lines, ["open stream", "message: ", "presence: ", "presence: "]);
  assert.equal(reader.bufferedBytes, 0);
});

test("a stopped reader tells nothing more", () => {
  const { reader, lines } = steered("message", (it) => it.stop());
  reader.write(Buffer.from(`${HEADER}<message/><presence/>`));
  reader.write(Buffer.from("<presence/>"));
  reader.reset();
  reader.write(Buffer.from(HEADER));
  assert.deepEqual(lines, ["open stream", "message: "]);
});

test("bytes written from inside an event are read after those that came before", () => {
  const { reader, lines } = steered("iq", (it) => it.write(Buffer.from("<presence/>")));
  reader.write(Buffer.from(`${HEADER}<iq/><message/>`));
  assert.deepEqual(lines, ["open stream", "iq: ", "message: ", "presence: "]);
});

test("a handler that throws does not stop the reader", () => {
  const { reader, lines } = steered("iq", () => {
    throw new Error("the plague");
  });
  assert.throws(() => reader.write(Buffer.from(`${HEADER}<iq/><message/>`)), /the plague/);
  reader.write(Buffer.from("<presence/>"));
  assert.deepEqual(lines, ["open stream", "iq: ", "message: ", "presence: "]);
});
