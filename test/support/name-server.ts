// A DNS server for tests, on loopback over UDP and TCP, that answers whatever the test says, or nothing.
import { createSocket, type RemoteInfo, type Socket as UdpSocket } from "node:dgram";
import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import type { TestContext } from "node:test";
import { answerTo, type Question, readQuestion } from "./dns-message.js";

export class NameServer {
  readonly address: string;
  /** Questions in the order in which they came, as `verona.example A`. */
  readonly questions: string[] = [];
  #lines: readonly string[] = [];
  #waiting: (() => void)[] = [];

  constructor(port: number, lines: readonly string[]) {
    this.address = `127.0.0.1:${port}`;
    this.serve(lines);
  }

  /**
   * Replaces the records. Each is a line `NAME [TTL] TYPE DATA`, TTL being 300 when left out:
   * `verona.example 60 A 127.0.0.2`, `_xmpp-server._tcp.verona.example SRV 0 5 5269 xmpp.verona.example` (or target `.`),
   * `www.verona.example CNAME verona.example`; or `NAME [TYPE] SERVFAIL`, `REFUSED`, `SILENCE` (no answer at all).
   * NAME may be `*`, for all that have no line. Names without a line do not exist.
   */
  serve(lines: readonly string[]): void {
    this.#lines = lines;
  }

  /** How often it was asked, of one name or `NAME TYPE`. */
  countOf(name: string): number {
    return this.questions.filter((question) => question === name || question.startsWith(`${name} `)).length;
  }

  /** Resolves when it has been asked `NAME TYPE`. */
  async untilAsked(question: string): Promise<void> {
    while (!this.questions.includes(question)) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** For the sockets: the answer, or undefined for silence. `most`: bytes, past which the answer is cut. */
  answer(message: Buffer, most: number): Buffer | undefined {
    const question = readQuestion(message);
    this.#note(question);
    return answerTo(question, this.#lines, most);
  }

  #note({ name, type }: Question): void {
    this.questions.push(`${name} ${type}`);
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

/** Starts it on a free port; it goes with the test. */
export async function startNameServer(
  test: Pick<TestContext, "after">,
  lines: readonly string[] = [],
): Promise<NameServer> {
  const [udp, tcp] = await openPorts();
  const server = new NameServer(udp.address().port, lines);
  const streams = new Set<Socket>();
  test.after(() => {
    udp.close();
    tcp.close();
    for (const stream of streams) stream.destroy();
  });
  udp.on("message", (message, from: RemoteInfo) => {
    const answer = server.answer(message, 1_232);
    if (answer !== undefined) udp.send(answer, from.port, from.address);
  });
  tcp.on("connection", (stream) => {
    streams.add(stream.on("error", () => undefined)); // a reset is the asker's business
    serveStream(stream, server);
  });
  return server;
}

/** The same port for both, as resolvers expect; whoever has it for TCP already makes us take another. */
async function openPorts(): Promise<[UdpSocket, Server]> {
  for (;;) {
    const udp = createSocket("udp4").bind(0, "127.0.0.1");
    await once(udp, "listening");
    const tcp = createServer();
    tcp.listen(udp.address().port, "127.0.0.1");
    if (await once(tcp, "listening").then(yes, no)) return [udp, tcp];
    udp.close();
  }
}

const yes = (): boolean => true;
const no = (): boolean => false;

/** RFC 1035 §4.2.2: over TCP, two bytes before each message say how long it is. */
function serveStream(stream: Socket, server: NameServer): void {
  let unread = Buffer.alloc(0);
  stream.on("data", (bytes: Buffer) => {
    unread = Buffer.concat([unread, bytes]);
    while (unread.length >= 2 && unread.length >= 2 + unread.readUInt16BE(0)) {
      const end = 2 + unread.readUInt16BE(0);
      const answer = server.answer(unread.subarray(2, end), 65_535);
      unread = unread.subarray(end);
      if (answer !== undefined) stream.write(Buffer.concat([uint16(answer.length), answer]));
    }
  });
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}
