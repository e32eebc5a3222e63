// Lost streams of other servers, and who may go on with them.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Incoming } from "../../src/s2s/incoming.js";
import { ManagedStreams } from "../../src/s2s/managed-streams.js";
import { Management } from "../../src/s2s/management.js";
import type { Stream } from "../../src/stream/stream.js";
import { FakeClock } from "../support/fake-clock.js";

interface FakeIncoming extends Incoming {
  wasSuperseded: boolean;
}

/** A stream from Mantua to Verona, as far as it matters here. */
function incoming(remote = "mantua.example", local = "verona.example"): FakeIncoming {
  const stream = { remote, local, link: {}, wasSuperseded: false, supersede: () => (stream.wasSuperseded = true) };
  return stream as unknown as FakeIncoming;
}

function managed(streams: ManagedStreams, id: string | undefined, stream = incoming()): FakeIncoming {
  const management = new Management({} as Stream, true, true);
  management.id = id;
  (stream.link as { management?: Management }).management = management;
  streams.add(stream, management);
  return stream;
}

function begin() {
  const clock = new FakeClock();
  return { clock, streams: new ManagedStreams(clock, 60_000) };
}

test("a lost stream is gone on with by its id, for as long as it is remembered", () => {
  const { clock, streams } = begin();
  const lost = managed(streams, "s1");
  streams.ended(lost, false);
  clock.advance(59_000);
  streams.tick(clock.now());
  const next = incoming();
  assert.equal(streams.resume(next, "s1"), lost.link?.management);
  clock.advance(3_600_000);
  streams.tick(clock.now());
  assert.equal(streams.resume(incoming(), "s1"), lost.link?.management); // the next one stands still
});

test("it is forgotten when its time is up", () => {
  const { clock, streams } = begin();
  streams.ended(managed(streams, "s1"), false);
  clock.advance(60_000);
  streams.tick(clock.now());
  assert.equal(streams.resume(incoming(), "s1"), undefined);
});

test("a stream that was closed in order is not to be gone on with", () => {
  const { streams } = begin();
  streams.ended(managed(streams, "s1"), true);
  assert.equal(streams.resume(incoming(), "s1"), undefined);
});

test("only the same pair of domains may go on with it", () => {
  const { streams } = begin();
  const lost = managed(streams, "s1");
  streams.ended(lost, false);
  assert.equal(streams.resume(incoming("tybalt.example"), "s1"), undefined);
  assert.equal(streams.resume(incoming("mantua.example", "venice.example"), "s1"), undefined);
  assert.equal(streams.resume(incoming(), "s2"), undefined);
  assert.equal(streams.resume(incoming(), ""), undefined);
  assert.equal(streams.resume(incoming(), "s1"), lost.link?.management);
});

test("a stream that still stands ends when another goes on with it, and its end changes nothing", () => {
  const { clock, streams } = begin();
  const former = managed(streams, "s1");
  const next = incoming();
  assert.equal(streams.resume(next, "s1"), former.link?.management);
  assert.equal(former.wasSuperseded, true);
  streams.ended(former, false);
  clock.advance(3_600_000);
  streams.tick(clock.now());
  assert.equal(streams.resume(incoming(), "s1"), former.link?.management);
});

test("without an id, or without a name, a stream is not remembered", () => {
  const { streams } = begin();
  const nameless = managed(streams, undefined);
  streams.ended(nameless, false);
  const stranger = incoming();
  (stranger as { remote: string | undefined }).remote = undefined;
  streams.ended(managed(streams, "s2", stranger), false);
  assert.equal(streams.resume(incoming(), "s2"), undefined);
});

test("of too many lost streams the one that was lost first is forgotten, not one that stands", () => {
  const { streams } = begin();
  managed(streams, "standing");
  const lost = Array.from({ length: 10_001 }, (_, number) => managed(streams, `s${number}`));
  for (const stream of lost) streams.ended(stream, false);
  assert.notEqual(streams.resume(incoming(), "standing"), undefined);
  assert.notEqual(streams.resume(incoming(), "s10000"), undefined);
  assert.equal(streams.resume(incoming(), "s0"), undefined);
});
