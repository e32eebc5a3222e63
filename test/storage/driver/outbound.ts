// What every storage driver does with stanzas that wait for other servers.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { OutboundRecord } from "../../../src/storage/records.js";
import type { Storage } from "../../../src/storage/storage.js";
import { line } from "../people.js";

const [verona, mantua, padua] = ["verona.example", "mantua.example", "padua.example"] as const;

export function outboundTests(storage: () => Storage): void {
  const stanzas = (records: readonly OutboundRecord[]): readonly string[] => records.map(({ stanza }) => stanza);

  test("stanzas for other servers come back as they were given, in order, page by page", async () => {
    const { outbound } = storage();
    assert.deepEqual(await outbound.read(0, 10), []);
    const first = await outbound.append(verona, mantua, line("Romeo, come forth"), 1000);
    const second = await outbound.append(padua, mantua, line("♥ \u{1f940}"), 1001);
    const third = await outbound.append(verona, padua, line("O, I am slain"), 1001);
    assert.ok(0 < first && first < second && second < third, `${first}, ${second}, ${third}`);
    const record = {
      sequence: first,
      local: verona,
      remote: mantua,
      stanza: line("Romeo, come forth"),
      storedAt: 1000,
    };
    assert.deepEqual(await outbound.read(0, 1), [{ ...record, isSent: false }]);
    assert.deepEqual(stanzas(await outbound.read(first, 10)), [line("♥ \u{1f940}"), line("O, I am slain")]);
    assert.deepEqual(await outbound.read(third, 10), []);
  });

  test("those that are about to be sent are marked, those that have arrived are removed", async () => {
    const { outbound } = storage();
    const [first, second, third, fourth] = await Promise.all([
      outbound.append(verona, mantua, "1", 1),
      outbound.append(verona, mantua, "2", 1),
      outbound.append(verona, padua, "3", 1),
      outbound.append(verona, mantua, "4", 1),
    ]);
    await outbound.markSent([first, third]);
    await outbound.markSent([fourth, third, second]);
    await outbound.markSent([second, fourth], false);
    await outbound.remove([first, fourth]);
    const left = (await outbound.read(0, 10)).map(({ sequence, isSent }) => [sequence, isSent]);
    assert.deepEqual(left, [
      [second, false],
      [third, true],
    ]);
  });

  test("numbers that are not there, or none at all, are no error", async () => {
    const { outbound } = storage();
    const number = await outbound.append(verona, mantua, "1", 1);
    await outbound.markSent([number + 1, 0]);
    await outbound.remove([number + 1, 0]);
    await outbound.markSent([]);
    await outbound.remove([]);
    assert.deepEqual(
      (await outbound.read(0, 10)).map(({ isSent }) => isSent),
      [false],
    );
  });

  test("the number of a stanza for another server is never used twice", async () => {
    const { outbound } = storage();
    const first = await outbound.append(verona, mantua, "1", 1);
    await outbound.remove([first]);
    const second = await outbound.append(verona, mantua, "2", 2);
    assert.notEqual(second, first);
    await outbound.markSent([first]);
    await outbound.remove([first]);
    assert.deepEqual(await outbound.read(0, 10), [
      { sequence: second, local: verona, remote: mantua, stanza: "2", storedAt: 2, isSent: false },
    ]);
  });

  test("thousands of stanzas at once keep their order, and go at once", async () => {
    const { outbound } = storage();
    const texts = Array.from({ length: 2500 }, (_, index) => line(String(index)));
    const numbers = await Promise.all(texts.map((text) => outbound.append(verona, mantua, text, 1)));
    assert.deepEqual(stanzas(await outbound.read(0, 5000)), texts);
    await outbound.markSent(numbers);
    assert.ok((await outbound.read(0, 5000)).every(({ isSent }) => isSent));
    await outbound.remove(numbers.slice(1));
    assert.deepEqual(stanzas(await outbound.read(0, 5000)), texts.slice(0, 1));
  });
}
