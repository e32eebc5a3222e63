// A name server for the servers under test: it knows the domains of the scenes, and nothing else in the world.
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";

const types = { a: 1, srv: 33 } as const;
const timeToLive = 60;

/** Where a service is: a port on the loopback. */
export interface Service {
  /** Such as `_xmpp-server._tcp`. */
  readonly name: string;
  readonly port: number;
}

/** All services are there: a host that every resolver knows, even one that does not ask us for addresses (the C library's). */
const host = "localhost";

/** Answers SRV questions, and where `localhost` is, over UDP (RFC 1035, RFC 2782). */
export class NameServer {
  private readonly services = new Map<string, number>();

  private constructor(
    private readonly socket: Socket,
    /** UDP port on 127.0.0.1. */
    readonly port: number,
  ) {
    socket.on("message", (question, { port: sender, address }) => {
      const answer = this.answerTo(question);
      if (answer !== undefined) socket.send(answer, sender, address);
    });
  }

  static async start(): Promise<NameServer> {
    const socket = createSocket("udp4");
    socket.bind(0, "127.0.0.1");
    await once(socket, "listening");
    return new NameServer(socket, socket.address().port);
  }

  /** From now on the domain has this service. */
  add(domain: string, { name, port }: Service): void {
    this.services.set(`${name}.${domain}`, port);
  }

  remove(domain: string): void {
    for (const name of this.services.keys()) if (name.endsWith(`._tcp.${domain}`)) this.services.delete(name);
  }

  async stop(): Promise<void> {
    const closed = once(this.socket, "close");
    this.socket.close();
    await closed;
  }

  /** One question a message, which is all that resolvers ask. */
  private answerTo(message: Buffer): Buffer | undefined {
    if (message.length < 17) return undefined;
    const { name, end } = readName(message, 12);
    const question = message.subarray(12, end + 4);
    const data = this.lookUp(name.toLowerCase(), message.readUInt16BE(end));
    const isThere = data !== undefined || this.isKnown(name.toLowerCase());
    const records = data === undefined ? [] : [recordOf(message.readUInt16BE(end), data)];
    return Buffer.concat([headerOf(message, isThere, records.length), question, ...records]);
  }

  private isKnown(name: string): boolean {
    return name === host || [...this.services.keys()].some((known) => known === name || known.endsWith(`.${name}`));
  }

  private lookUp(name: string, type: number): Buffer | undefined {
    if (type === types.a && name === host) return Buffer.from([127, 0, 0, 1]);
    const port = type === types.srv ? this.services.get(name) : undefined;
    return port === undefined ? undefined : serviceData(port);
  }
}

/** The labels of a name, and the offset behind it. Questions are not compressed. */
function readName(message: Buffer, start: number): { name: string; end: number } {
  const labels: string[] = [];
  let at = start;
  for (let length = message[at] ?? 0; length > 0; length = message[at] ?? 0) {
    labels.push(message.toString("latin1", at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join("."), end: at + 1 };
}

function writeName(name: string): Buffer {
  const labels = name.split(".").filter((label) => label !== "");
  return Buffer.concat([
    ...labels.map((label) => Buffer.from(`${String.fromCharCode(label.length)}${label}`)),
    Buffer.of(0),
  ]);
}

/** RFC 1035 §4.1.1: an authoritative answer, recursion available; NXDOMAIN for a name that nobody has. */
function headerOf(question: Buffer, isThere: boolean, answers: number): Buffer {
  const header = Buffer.alloc(12);
  header.writeUInt16BE(question.readUInt16BE(0), 0);
  header.writeUInt16BE((question.readUInt16BE(2) & 0x0100) | 0x8480 | (isThere ? 0 : 3), 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(answers, 6);
  return header;
}

function recordOf(type: number, data: Buffer): Buffer {
  const start = Buffer.alloc(12);
  start.writeUInt16BE(0xc00c, 0); // the name in the question
  start.writeUInt16BE(type, 2);
  start.writeUInt16BE(1, 4);
  start.writeUInt32BE(timeToLive, 6);
  start.writeUInt16BE(data.length, 10);
  return Buffer.concat([start, data]);
}

function serviceData(port: number): Buffer {
  const numbers = Buffer.alloc(6);
  numbers.writeUInt16BE(port, 4);
  return Buffer.concat([numbers, writeName(host)]);
}
