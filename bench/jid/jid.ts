// Micro benchmark of addresses: node dist/bench/jid/jid.js [--expose-gc before it, for the memory figure]
import { setImmediate as nextTurn } from "node:timers/promises";
import { Jid } from "../../src/jid/jid.js";

const PER_TURN = 200;
const TURNS = 400;

/**
 * Prints the time that one call takes, in nanoseconds: the fastest turn of the event loop (what the code needs) and the
 * median one (what it gets, garbage collection and neighbours included).
 */
async function measure(name: string, call: (count: number) => unknown): Promise<void> {
  const times: number[] = [];
  for (let turn = 0; turn < TURNS; turn++) {
    const start = process.hrtime.bigint();
    for (let count = 0; count < PER_TURN; count++) call(turn * PER_TURN + count);
    times.push(Number(process.hrtime.bigint() - start) / PER_TURN);
    await nextTurn();
  }
  times.sort((one, other) => one - other);
  const [best, median] = [times[4], times[TURNS / 2]].map((time) => (time ?? NaN).toFixed(0).padStart(6));
  console.log(`${name.padEnd(44)} ${best} ns best ${median} ns median`);
}

/** Prints what one full address and its bare one cost in the heap, in octets, with everything that remembers them. */
async function measureMemory(): Promise<void> {
  const collect = globalThis.gc;
  if (!collect) return;
  const settle = async (): Promise<number> => {
    for (let time = 0; time < 4; time++) await nextTurn(collect());
    return process.memoryUsage().heapUsed;
  };
  const count = 50_000;
  const held = new Array<Jid | undefined>(count).fill(undefined);
  const before = await settle();
  for (let index = 0; index < count; index++) {
    held[index] = Jid.parse(`account${index}@verona.example/client.${(index * 7919).toString(36)}`);
    if (index % 1000 === 0) await nextTurn();
  }
  const octets = ((await settle()) - before) / held.length;
  console.log(`${"a full address and its bare one".padEnd(44)} ${octets.toFixed(0).padStart(6)} octets`);
}

const known = Array.from({ length: 1000 }, (_, index) => `romeo${index}@montague.example/orchard-${index}`);
const wire = `${known.join(" ")} `;
const starts = known.map((text) => wire.indexOf(`${text} `));
const fresh = (index: number): string => wire.slice(starts[index % 1000], wire.indexOf(" ", starts[index % 1000]));

await measureMemory();
await measure("seen before, the same string", (count) => Jid.parse(known[count % 1000] ?? ""));
await measure("seen before, a new slice of what came in", (count) => Jid.parse(fresh(count)));
await measure("  of that, making the slice", fresh);
await measure("new, ASCII, full (the bare one is new too)", (count) => Jid.parse(`a${count}@montague.example/orchard`));
await measure("new, ASCII, full (the bare one is known)", (count) => Jid.parse(`room@chat.example/nick${count}`));
await measure("new, ASCII, bare", (count) => Jid.parse(`b${count}@montague.example`));
await measure("new, not ASCII, domain known", (count) =>
  Jid.parse(`Rom\u00E9o${count}@m\u00FCnchen.example/\u0441\u0430\u0434`),
);
await measure("new, not ASCII, domain new", (count) =>
  Jid.parse(`\u6708${count}@m\u00FCnchen${count}.example/\u0441\u0430\u0434`),
);
