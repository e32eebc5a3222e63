// The name server of a federation: dnsmasq on a loopback address, and domains that it cannot say anything about.
import { createSocket, type Socket } from "node:dgram";
import { Program } from "../../support/program.js";
import { ownAddress } from "./addresses.js";

/** Not 53, which only root may listen on. */
const PORT = 5300;

/** What the name server above answers for the domains that are in trouble (RFC 1035 §4.1.1), if anything. */
const TROUBLED: Readonly<Record<string, number | undefined>> = {
  "servfail.example": 2,
  "refused.example": 5,
  "silent.example": undefined,
};

/** Its DNS says in so many words that it takes no connections: the target of its record is the root (RFC 2782). */
const WITHOUT_SERVICE = "no-service.example";

/** Where a domain's service is. */
export interface Place {
  readonly domain: string;
  /** Such as `_xmpp-server`. */
  readonly service: string;
  readonly address: string;
  readonly port: number;
}

export class NameServer {
  readonly port = PORT;

  private constructor(
    readonly address: string,
    private readonly above: Socket,
    private readonly program: Program,
  ) {}

  /** Knows these services, and of all else below `example` that it is not there. */
  static async start(records: readonly Place[]): Promise<NameServer> {
    const address = await ownAddress();
    const above = await startAbove(await ownAddress());
    const args = [...settings(address), ...records.flatMap(recordArguments), ...forwarding(above)];
    const program = await Program.start("/usr/sbin/dnsmasq", {
      args,
      ready: [/started, version/],
      installation: "apt-get install dnsmasq-base",
    });
    return new NameServer(address, above, program);
  }

  async stop(): Promise<void> {
    this.above.close();
    await this.program.stop();
  }
}

function settings(address: string): string[] {
  const own = ["--conf-file=/dev/null", "--keep-in-foreground", "--log-facility=-", "--pid-file"];
  const where = [`--listen-address=${address}`, `--port=${PORT}`, "--bind-interfaces"];
  const denials = ["_xmpp-server", "_xmpps-server"].map((name) => `--srv-host=${name}._tcp.${WITHOUT_SERVICE}`);
  return [...own, ...where, ...denials, "--no-resolv", "--no-hosts", "--cache-size=0", "--local=/example/"];
}

function recordArguments({ domain, service, address, port }: Place): string[] {
  const target = `xmpp.${domain}`;
  return [`--srv-host=${service}._tcp.${domain},${target},${port},0,5`, `--host-record=${target},${address}`];
}

function forwarding(above: Socket): string[] {
  const { address, port } = above.address();
  return Object.keys(TROUBLED).map((domain) => `--server=/${domain}/${address}#${port}`);
}

/** The name server that dnsmasq asks about troubled domains: it gives an error, or nothing. */
async function startAbove(address: string): Promise<Socket> {
  const socket = createSocket("udp4").unref();
  socket.on("message", (query, { address, port }) => {
    const answer = Object.entries(TROUBLED).find(([domain]) => isAbout(query, domain))?.[1];
    if (answer !== undefined) socket.send(asError(query, answer), port, address);
  });
  await new Promise<void>((resolve) => socket.bind(0, address, resolve));
  return socket;
}

function isAbout(query: Buffer, domain: string): boolean {
  return query.includes(domain.split(".")[0] ?? domain);
}

/** The query itself with the bit for answers and the error set (RFC 1035 §4.1.1). */
function asError(query: Buffer, code: number): Buffer {
  const answer = Buffer.from(query);
  answer.writeUInt8(query.readUInt8(2) | 0x80, 2);
  answer.writeUInt8(0x80 | code, 3);
  return answer;
}
