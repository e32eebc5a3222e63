// A client that does not read costs nobody else anything, and what it did not get is not lost (ARCHITECTURE §2, §6).
import assert from "node:assert/strict";
import { test } from "node:test";
import { playServer } from "../support/play-server.js";

const config = "[clients]\noutbox_size = '64 KiB'\n";
const chat = (to: string, text: string): string => `<message type='chat' to='${to}'><body>${text}</body></message>`;
const long = (text: string): string => text.padEnd(4000, ".");

test("past the outbox's bound a session ends; what it did not take waits for its owner", async (context) => {
  const play = await playServer(context, { config });
  const romeo = await play.enter("romeo");
  const juliet = await play.enter("juliet", "balcony");
  await juliet.makesRoundTrip();
  juliet.transport.clientStopsReading();
  const texts = Array.from({ length: 40 }, (_, index) => long(`${index} `));
  for (const text of texts) {
    romeo.send(chat("juliet@verona.example", text));
    await romeo.makesRoundTrip();
  }
  await juliet.ends();

  const returned = await play.enter("juliet", "balcony");
  const got: string[] = [];
  while (got.length === 0 || !got.at(-1)?.startsWith("39 ")) {
    got.push((await returned.next()).getChildText("body") ?? "");
  }
  // What the connection had taken is gone with it, as it is without XEP-0198; all the rest is there, in order, once.
  assert.deepEqual(got, texts.slice(texts.length - got.length));
  assert.ok(got.length >= 38, `only ${got.length} are left`);
  await play.receiveNothing(romeo, returned);
});

test("too much that is held back while older messages are sent ends the session, and nothing is lost", async (context) => {
  const play = await playServer(context, { config });
  const romeo = await play.enter("romeo");
  await play.account("juliet");
  romeo.send(chat("juliet@verona.example", long("0 ")));
  await play.settle();
  const juliet = await play.login("juliet");
  juliet.transport.clientStopsReading();
  juliet.send("<presence/>");
  const texts = Array.from({ length: 20 }, (_, index) => long(`${index + 1} `));
  for (const text of texts) romeo.send(chat("juliet@verona.example", text));
  await juliet.ends();
  await play.settle();
  const returned = await play.enter("juliet", "balcony");
  await play.settle();
  const got = returned.unexpected.map((stanza) => parseInt(stanza.getChildText("body") ?? "", 10));
  assert.deepEqual(got, [...Array(21).keys()]);
});

test("the other resources of the account get what the one did not read", async (context) => {
  const play = await playServer(context, { config });
  const romeo = await play.enter("romeo");
  const slow = await play.enter("juliet", "balcony");
  const others = [await play.enter("juliet", "chamber"), await play.enter("juliet", "garden")];
  slow.transport.clientStopsReading();
  await Promise.all(others.map((other) => other.makesRoundTrip()));
  for (let index = 0; index < 40; index += 1) {
    romeo.send(chat("juliet@verona.example", long(`${index} `)));
    await romeo.makesRoundTrip();
  }
  await slow.ends();
  await play.settle();
  for (const other of others) {
    const bodies = other.unexpected.flatMap((stanza) => stanza.getChildText("body") ?? []);
    assert.deepEqual(
      bodies.map((text) => parseInt(text, 10)),
      [...Array(40).keys()],
    );
  }
});

test("a request that was not read is answered by an error (RFC 6120 §8.2.3)", async (context) => {
  const play = await playServer(context, { config });
  await play.befriend("romeo", "juliet");
  const romeo = await play.enter("romeo");
  const juliet = await play.enter("juliet");
  await romeo.next();
  juliet.transport.clientStopsReading();
  romeo.send(chat(juliet.jid, "the transport takes this"));
  await romeo.makesRoundTrip();
  const answer = romeo.asks("get", "<query xmlns='urn:example:dream'/>", juliet.jid);
  await romeo.makesRoundTrip();
  juliet.transport.clientVanishes();
  assert.equal((await answer).attrs["type"], "error");
});
