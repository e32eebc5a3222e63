// Compares this server's stream reader with ltx (through @xmpp/xml), sax and saxes: microseconds a stanza.
// Run as: node dist/bench/xml/reader.js [seconds for each figure, 0.5 unless given]
import { Parser } from "@xmpp/xml";
import sax from "sax";
import { SaxesParser } from "saxes";
import { StreamReader } from "../../src/xml/reader.js";
import { HEADER, TRAFFIC } from "./traffic.js";
import type { Traffic } from "./traffic.js";

const seconds = Number(process.argv[2] ?? 0.5);
const LIMITS = { stanzaBytes: 262_144, depth: 100, attributes: 100, childElements: 10_000, nameLength: 256 };

/** One parser at work on one stream. */
interface Contender {
  readonly name: string;
  /** Takes chunks; answers how many stanzas it has told so far. */
  start(): { write(chunk: Buffer): void; stanzas(): number };
}

const reader = (name: string, builds: boolean): Contender => ({
  name,
  start() {
    let count = 0;
    const it = new StreamReader(
      {
        onOpen() {},
        onFragment(fragment) {
          if (builds) fragment.element();
          count++;
        },
        onClose() {},
        onFault(fault) {
          throw fault;
        },
      },
      LIMITS,
    );
    return { write: (chunk) => it.write(chunk), stanzas: () => count };
  },
});

const ltx: Contender = {
  name: "ltx (@xmpp/xml, tree)",
  start() {
    let count = 0;
    const it = new Parser();
    it.on("element", () => count++);
    return { write: (chunk) => it.write(chunk.toString()), stanzas: () => count };
  },
};

const saxStrict: Contender = {
  name: "sax (strict, xmlns, events)",
  start() {
    let count = 0;
    let depth = 0;
    const options = { xmlns: true, strictEntities: true, position: false };
    const it = sax.parser(true, options);
    it.onopentag = () => depth++;
    it.onclosetag = () => (--depth === 1 ? count++ : 0);
    return { write: (chunk) => it.write(chunk.toString()), stanzas: () => count };
  },
};

const saxes: Contender = {
  name: "saxes (xmlns, events)",
  start() {
    let count = 0;
    let depth = 0;
    const it = new SaxesParser({ xmlns: true, position: false });
    it.on("opentag", () => depth++);
    it.on("closetag", () => (--depth === 1 ? count++ : 0));
    it.on("text", () => {});
    return { write: (chunk) => it.write(chunk.toString()), stanzas: () => count };
  },
};

const CONTENDERS = [reader("this reader", false), reader("this reader, and the tree", true), ltx, saxStrict, saxes];

/** Microseconds of CPU time a stanza, the best of five rounds. */
function measure(contender: Contender, { chunks, stanzas }: Traffic): number {
  const it = contender.start();
  it.write(Buffer.from(HEADER));
  const round = (limit: number) => {
    const begun = process.cpuUsage();
    let count = 0;
    for (let used = 0; used < limit; used = cpuSince(begun)) {
      for (const chunk of chunks) it.write(chunk);
      count += chunks.length * stanzas;
    }
    return cpuSince(begun) / count;
  };
  const before = it.stanzas();
  round(seconds * 2e5);
  if ((it.stanzas() - before) % (chunks.length * stanzas) !== 0) throw new Error(`${contender.name} lost stanzas`);
  return Math.min(...Array.from({ length: 5 }, () => round(seconds * 2e5)));
}

function cpuSince(begun: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(begun);
  return user + system;
}

for (const traffic of TRAFFIC) {
  const bytes = Math.round((traffic.chunks[0]?.length ?? 0) / traffic.stanzas);
  console.log(`${traffic.name} (${bytes} bytes)`);
  for (const contender of CONTENDERS) {
    console.log(`  ${contender.name.padEnd(30)} ${measure(contender, traffic).toFixed(2).padStart(7)} µs`);
  }
}
