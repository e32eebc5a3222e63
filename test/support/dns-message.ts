// Messages of DNS (RFC 1035 §4), as far as a server for tests needs them: one question in, records written as lines out.
import { isIPv4 } from "node:net";

export interface Question {
  readonly id: number;
  readonly name: string;
  /** `A`, `AAAA`, `SRV` …, or a number. */
  readonly type: string;
  /** The question as it stood in the message. */
  readonly source: Buffer;
}

interface Line {
  readonly name: string;
  readonly ttl: number;
  readonly type: string;
  readonly data: readonly string[];
}

const typeNumbers: Readonly<Record<string, number>> = { A: 1, CNAME: 5, TXT: 16, AAAA: 28, SRV: 33 };
const failures: Readonly<Record<string, number>> = { SERVFAIL: 2, REFUSED: 5 };

export function readQuestion(message: Buffer): Question {
  const labels: string[] = [];
  let at = 12;
  for (let length = message.readUInt8(at); length > 0; length = message.readUInt8(at)) {
    labels.push(message.toString("latin1", at + 1, at + 1 + length));
    at += 1 + length;
  }
  const number = message.readUInt16BE(at + 1);
  const type = Object.keys(typeNumbers).find((name) => typeNumbers[name] === number) ?? String(number);
  const name = labels.join(".").toLowerCase();
  return { id: message.readUInt16BE(0), name, type, source: message.subarray(12, at + 5) };
}

/** Undefined is silence. An answer longer than `most` bytes is cut, which sends the asker to TCP. */
export function answerTo(question: Question, lines: readonly string[], most: number): Buffer | undefined {
  const all = lines.map(readLine);
  const known = all.filter(({ name }) => name === question.name);
  const own = known.length > 0 ? known : all.filter(({ name }) => name === "*");
  const special = own.find(({ type, data }) => isSpecial(type) || (type === question.type && isSpecial(data[0])));
  const what = special === undefined || isSpecial(special.type) ? special?.type : special.data[0];
  if (what === "SILENCE") return undefined;
  if (what !== undefined) return message(question, failures[what] ?? 2, []);
  const isKnown = own.length > 0 || all.some(({ name }) => name.endsWith(`.${question.name}`));
  const answers = follow(question.name, question.type, all, own).map(recordOf);
  const answer = message(question, isKnown ? 0 : 3, answers);
  return answer.length > most ? message(question, 0, [], true) : answer;
}

function follow(name: string, type: string, all: readonly Line[], own: readonly Line[]): Line[] {
  const alias = own.find((line) => line.type === "CNAME");
  if (alias === undefined) return own.filter((line) => line.type === type).map((line) => ({ ...line, name }));
  const [target = ""] = alias.data;
  const rest = all.filter((line) => line.name === target);
  return [alias, ...follow(target, type, all, rest)];
}

function readLine(text: string): Line {
  const [name = "", ...rest] = text.trim().split(/\s+/);
  const ttl = /^\d+$/.test(rest[0] ?? "") ? Number(rest.shift()) : 300;
  const [type = "", ...data] = rest;
  if (!isSpecial(type) && typeNumbers[type] === undefined) throw new Error(`not a record: ${text}`);
  return { name: name.toLowerCase(), ttl, type, data };
}

function isSpecial(word: string | undefined): boolean {
  return word === "SILENCE" || (word !== undefined && failures[word] !== undefined);
}

function message({ id, source }: Question, code: number, answers: readonly Buffer[], isCut = false): Buffer {
  // Response, recursion desired and available; authoritative would be a lie for all names but ours.
  const flags = 0x8180 | code | (isCut ? 0x0200 : 0);
  return Buffer.concat([numbers(id, flags, 1, answers.length, 0, 0), source, ...answers]);
}

function recordOf({ name, ttl, type, data }: Line): Buffer {
  const content = contentOf(type, data);
  const head = numbers(typeNumbers[type] ?? 0, 1, ttl >>> 16, ttl & 0xffff, content.length);
  return Buffer.concat([nameBytes(name), head, content]);
}

function contentOf(type: string, data: readonly string[]): Buffer {
  const [first = "", weight, port, target = "."] = data;
  if (type === "A") return Buffer.from(first.split(".").map(Number));
  if (type === "AAAA") return numbers(...groupsOf(first));
  if (type === "CNAME") return nameBytes(first);
  if (type === "SRV") return Buffer.concat([numbers(Number(first), Number(weight), Number(port)), nameBytes(target)]);
  const text = Buffer.from(data.join(" "));
  return Buffer.concat([Buffer.from([text.length]), text]);
}

function nameBytes(name: string): Buffer {
  const labels = name === "." || name === "" ? [] : name.replace(/\.$/, "").split(".");
  return Buffer.concat([
    ...labels.flatMap((label) => [Buffer.from([label.length]), Buffer.from(label, "latin1")]),
    Buffer.of(0),
  ]);
}

function groupsOf(address: string): number[] {
  if (isIPv4(address)) throw new Error(`${address} is no IPv6 address`);
  const [left = "", right] = address.split("::");
  const groupsIn = (text: string): number[] => (text === "" ? [] : text.split(":").map((group) => parseInt(group, 16)));
  if (right === undefined) return groupsIn(left);
  const [before, after] = [groupsIn(left), groupsIn(right)];
  return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
}

function numbers(...values: number[]): Buffer {
  const bytes = Buffer.alloc(2 * values.length);
  values.forEach((value, index) => bytes.writeUInt16BE(value, 2 * index));
  return bytes;
}
