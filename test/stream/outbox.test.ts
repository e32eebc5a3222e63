// The outbox: in order, in pieces that the transport takes, and what was not taken comes back.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Transport } from "../../src/net/transport.js";
import { Jid } from "../../src/jid/jid.js";
import { buildStanza } from "../../src/stanza/build.js";
import type { Stanza } from "../../src/stanza/stanza.js";
import { Flusher } from "../../src/stream/flusher.js";
import { Outbox } from "../../src/stream/outbox.js";
import { xml } from "../../src/xml/element.js";

/** Takes what it is given, and says that it has enough when told to. */
class Pipe {
  readonly written: string[] = [];
  readonly bufferedBytes = 0;
  isFull = false;
  readonly #waiting: (() => void)[] = [];

  write(text: string): boolean {
    this.written.push(text);
    return !this.isFull;
  }

  writeBytes(bytes: Buffer): boolean {
    return this.write(`bytes: ${bytes.toString()}`);
  }

  flushed(done: () => void): void {
    this.#waiting.push(done);
  }

  takesAll(): void {
    for (const done of this.#waiting.splice(0)) done();
  }
}

function outboxOn(pipe: Pipe, namespace?: string): Outbox {
  return new Outbox(pipe as unknown as Transport, new Flusher(), namespace);
}

function message(text: string): Stanza {
  return buildStanza("message", {}, xml("body", {}, text));
}

const bodies = (stanzas: readonly Stanza[]): readonly string[] =>
  stanzas.map((stanza) => stanza.element().getChildText("body") ?? "");

describe("the outbox of a stream", () => {
  test("writes in one piece what has gathered in a turn", () => {
    const pipe = new Pipe();
    const outbox = outboxOn(pipe);
    for (const text of ["one", "two", "three"]) outbox.push(message(text));
    outbox.flush();
    assert.deepEqual(pipe.written, [
      "<message><body>one</body></message><message><body>two</body></message>" + message("three").toXml(),
    ]);
    assert.equal(outbox.bytes, 0);
  });

  for (const namespace of [undefined, "jabber:client"]) {
    test(`writes what is for many as bytes when nothing else has gathered (${namespace ?? "no"} frames)`, () => {
      const pipe = new Pipe();
      const outbox = outboxOn(pipe, namespace);
      const copy = message("to all").forMany().readdressed(Jid.parse("juliet@verona.example"));
      outbox.push(copy);
      outbox.flush();
      assert.deepEqual(pipe.written, [`bytes: ${copy.toXml(namespace)}`]);
      pipe.isFull = true;
      outbox.push(copy);
      outbox.flush();
      assert.ok(outbox.isBlocked);
    });
  }

  test("writes what is for many in one piece with what else has gathered", () => {
    const pipe = new Pipe();
    const outbox = outboxOn(pipe);
    const copy = message("to all").forMany().readdressed(Jid.parse("juliet@verona.example"));
    outbox.push(copy);
    outbox.push(message("to you"));
    outbox.flush();
    assert.deepEqual(pipe.written, [copy.toXml() + message("to you").toXml()]);
  });

  test("writes each stanza as a frame of its own where there are frames", () => {
    const pipe = new Pipe();
    const outbox = outboxOn(pipe, "jabber:client");
    outbox.push(message("one"));
    outbox.push("<close/>");
    outbox.flush();
    assert.deepEqual(pipe.written, ["<message xmlns='jabber:client'><body>one</body></message>", "<close/>"]);
  });

  for (const namespace of [undefined, "jabber:client"]) {
    test(`holds back what the transport does not take, in order (${namespace ?? "no"} frames)`, () => {
      const pipe = new Pipe();
      const outbox = outboxOn(pipe, namespace);
      const letters = Array.from({ length: 50 }, (_, index) => `${index}`.padStart(10_000, "o"));
      for (const letter of letters) outbox.push(message(letter));
      pipe.isFull = true;
      outbox.flush();
      assert.ok(outbox.bytes > 400_000, "most of it is still here");
      outbox.push(message("last"));
      pipe.isFull = false;
      outbox.drained();
      assert.equal(outbox.bytes, 0);
      assert.deepEqual(pipe.written.join("").match(/\d+(?=<\/body>)|last/g), [...letters.keys(), "last"].map(String));
    });
  }

  test("returns what was not taken when the transport is gone", async () => {
    const pipe = new Pipe();
    const outbox = outboxOn(pipe);
    pipe.isFull = true;
    outbox.push(message("gone"));
    outbox.flush();
    const isFlushed = outbox.flushed();
    for (const text of ["one", "two"]) outbox.push(message(text));
    assert.deepEqual(bodies(outbox.abandon()), ["one", "two"]);
    assert.equal(await isFlushed, false);
  });

  test("at the end writes everything to a peer that reads", () => {
    const pipe = new Pipe();
    const outbox = outboxOn(pipe);
    outbox.push(message("x".repeat(100_000)));
    outbox.push("<error/>");
    pipe.isFull = true;
    assert.deepEqual(outbox.withdraw(), []);
    outbox.finish("</stream:stream>");
    assert.match(pipe.written.join(""), /x<\/body><\/message><error\/><\/stream:stream>$/);
  });

  test("at the end writes only the error to a peer that does not read, and returns the rest", async () => {
    const pipe = new Pipe();
    const outbox = outboxOn(pipe);
    pipe.isFull = true;
    outbox.push(message("taken"));
    outbox.flush();
    for (const text of ["one", "two"]) outbox.push(message(text));
    const isFlushed = outbox.flushed();
    pipe.isFull = false;
    outbox.push("<error/>");
    assert.deepEqual(bodies(outbox.withdraw()), ["one", "two"]);
    outbox.finish("</stream:stream>");
    pipe.takesAll();
    assert.equal(await isFlushed, false, "it was not all sent");
    assert.deepEqual(pipe.written, [message("taken").toXml(), "<error/></stream:stream>"]);
  });
});
