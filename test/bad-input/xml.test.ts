// What RFC 6120 §11 forbids on a stream, sent to a whole server: the named error, the end, and nobody else notices.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { rawStage, secretBody } from "../support/raw-stage.js";

const stage = rawStage();
const declared = "<!DOCTYPE lolz [<!ENTITY lol 'lol'><!ENTITY lol2 '&lol;&lol;&lol;&lol;'>]>";

/** In the middle of a stream. */
const faults: Readonly<Record<string, readonly [condition: string, bytes: string | Buffer]>> = {
  "a bomb of entities, declared between stanzas (§11.1)": ["restricted-xml", `${declared}<message>&lol2;</message>`],
  "an undefined entity (§11.1)": ["restricted-xml", `<message><body>&lol9;</body></message>`],
  "a comment (§11.1)": ["restricted-xml", `<!-- ${secretBody} -->`],
  "a comment inside a stanza (§11.1)": ["restricted-xml", `<message><!-- ${secretBody} --></message>`],
  "a processing instruction (§11.1)": ["restricted-xml", "<?php boundless?>"],
  "a second XML declaration (§11.1)": ["restricted-xml", "<?xml version='1.0'?>"],
  "bytes that are no UTF-8 (§11.6)": [
    "unsupported-encoding",
    Buffer.from("<message><body>\xff\xfe</body></message>", "latin1"),
  ],
  "an overlong form (§11.6)": [
    "unsupported-encoding",
    Buffer.from("<message><body>\xc0\xaf</body></message>", "latin1"),
  ],
  "half a surrogate pair (§11.6)": [
    "unsupported-encoding",
    Buffer.from("<message><body>\xed\xa0\x80</body></message>", "latin1"),
  ],
  "UTF-16 (§11.6)": ["unsupported-encoding", Buffer.from("<message/>", "utf16le")],
  "text between stanzas (§11.7)": ["bad-format", secretBody],
  "CDATA between stanzas (§11.7)": ["bad-format", `<![CDATA[${secretBody}]]>`],
  "a start tag without its end tag (§4.9.3.13)": ["not-well-formed", `<message><body>${secretBody}</message>`],
  "an attribute twice (§4.9.3.13)": ["not-well-formed", "<message to='a' to='b'/>"],
  "an attribute without quotes (§4.9.3.13)": ["not-well-formed", "<message to=romeo/>"],
  "a prefix that nobody declared (§4.9.3.13)": ["not-well-formed", "<message><x:y/></message>"],
  "an end tag too many (§4.9.3.13)": ["not-well-formed", "</message>"],
  "a control character (§4.9.3.13)": ["not-well-formed", "<message><body>&#1;</body></message>"],
  "']]>' in text (§4.9.3.13)": ["not-well-formed", "<message><body>]]></body></message>"],
  "'<' in an attribute (§4.9.3.13)": ["not-well-formed", "<message to='<'/>"],
};

describe("between two stanzas of a session", () => {
  for (const [name, [condition, bytes]] of Object.entries(faults)) {
    test(`${name} gets <${condition}/>`, async () => {
      const tybalt = await stage.login("tybalt");
      tybalt.send(bytes);
      await tybalt.endsWith(condition);
      await stage.nobodyElseNotices();
    });
  }
});

test("the same before login", async () => {
  for (const [condition, bytes] of Object.values(faults)) {
    const tybalt = await stage.connect();
    await tybalt.opens();
    tybalt.send(bytes);
    await tybalt.endsWith(condition);
  }
});

test("the same in frames, where each is a document of its own (RFC 7395 §3.3.3)", async () => {
  const frames = Object.entries(faults).filter(([name]) => !/UTF-|pair|overlong|a second|CDATA between/.test(name));
  for (const [, [condition, bytes]] of frames) {
    const tybalt = await stage.login("tybalt", "hall", "webSocket");
    tybalt.send(bytes.toString().replaceAll("<message", "<message xmlns='jabber:client'"));
    await tybalt.endsWith(condition);
  }
  await stage.nobodyElseNotices();
});

test("a bomb of entities instead of a header gets <restricted-xml/>, after our header", async () => {
  const tybalt = await stage.connect();
  tybalt.send(`<?xml version='1.0'?>${declared}${tybalt.header().replace(/^<\?.*?\?>/, "")}`);
  await tybalt.receives(/^<\?xml version='1.0'\?><stream:stream [^>]*>/);
  await tybalt.endsWith("restricted-xml");
});

test("another encoding in the XML declaration gets <unsupported-encoding/> (§11.6)", async () => {
  const tybalt = await stage.connect();
  tybalt.send(tybalt.header().replace("<?xml version='1.0'?>", "<?xml version='1.0' encoding='ISO-8859-1'?>"));
  await tybalt.endsWith("unsupported-encoding");
});

test("what is no XML at all is told so: HTTP, TLS, SSH", async () => {
  for (const greeting of [
    "GET / HTTP/1.1\r\nHost: verona.example\r\n\r\n",
    "SSH-2.0-OpenSSH_9.2\r\n",
    "\x16\x03\x01\x02\x00",
  ]) {
    const stranger = await stage.connect();
    stranger.send(greeting);
    await stranger.endsWith("not-well-formed");
  }
  await stage.nobodyElseNotices();
});

test("bytes after </stream:stream> are not read: the stream ends in order (§4.4)", async () => {
  const tybalt = await stage.login("tybalt");
  const to = "to='benvolio@verona.example'";
  tybalt.send(`<message ${to}><body>one</body></message></stream:stream><message ${to}><body>two</body></message>&&&`);
  assert.equal(await tybalt.ends(), "</stream:stream>");
  const juliet = await stage.login("juliet");
  await juliet.makesRoundTrip();
  await stage.nobodyElseNotices();
});

test("a stream that only opens and breaks off leaves nothing behind", async () => {
  for (const beginning of ["", "<", "<?xml", "<stream:stream", "<message><body"]) {
    const tybalt = await stage.connect();
    tybalt.send(beginning);
    tybalt.vanishes();
  }
  await stage.nobodyElseNotices();
});

test("a stream that is half-closed by the client is closed by the server (§4.4)", async () => {
  const tybalt = await stage.login("tybalt");
  tybalt.finishes();
  assert.equal(await tybalt.ends(), "</stream:stream>");
});
