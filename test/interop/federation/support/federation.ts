// Servers that find one another: a name server, an authority that all trust, and one server of each kind wanted.
import { Authority, type Flaws } from "./authority.js";
import { ownAddress } from "./addresses.js";
import { Member, type Papers } from "./member.js";
import { NameServer, type Place } from "./name-server.js";
import { PORTS, type Kind, type Manner } from "./server.js";

/** Who serves what: the first domain greets others, the second is greeted, so each order of two servers has fresh streams. */
const seats = {
  rookery: { kind: "rookery", domains: ["verona.example", "venice.example"] },
  "another rookery": { kind: "rookery", domains: ["athens.example", "illyria.example"] },
  prosody: { kind: "prosody", domains: ["mantua.example", "padua.example"] },
  ejabberd: { kind: "ejabberd", domains: ["elsinore.example", "cyprus.example"] },
} as const satisfies Record<string, { kind: Kind; domains: readonly string[] }>;

export type Seat = keyof typeof seats;

/** Those that take part: all, or, to check the tests themselves, only the peers (INTEROP_SERVERS=prosody,ejabberd). */
export function seatsTaken(): readonly Seat[] {
  const wanted = process.env["INTEROP_SERVERS"]?.split(",");
  const all = Object.keys(seats) as Seat[]; // seats has no other keys
  return wanted === undefined ? all : all.filter((seat) => wanted.includes(seats[seat].kind));
}

export class Federation {
  private constructor(
    readonly nameServer: NameServer,
    readonly authority: Authority,
    private readonly members: ReadonlyMap<Seat, Member>,
  ) {}

  static async start(taken: readonly Seat[], manner: Manner): Promise<Federation> {
    const addresses = new Map<Seat, string>();
    for (const seat of taken) addresses.set(seat, await ownAddress());
    const places = [...addresses].flatMap(([seat, address]) => placesOf(seats[seat].domains, address, manner));
    const nameServer = await NameServer.start(places);
    const authority = await Authority.make("The Globe");
    const members = await Promise.all(
      [...addresses].map(async ([seat, address]): Promise<[Seat, Member]> => {
        const { kind, domains } = seats[seat];
        const papers = await papersFor(domains, manner, authority);
        return [seat, await Member.start(kind, { manner, domains, address, nameServer }, papers)];
      }),
    );
    return new Federation(nameServer, authority, new Map(members));
  }

  member(seat: Seat): Member {
    const member = this.members.get(seat);
    if (member === undefined) throw new Error(`${seat} does not take part`);
    return member;
  }

  async stop(): Promise<void> {
    await Promise.all([...this.members.values()].map((member) => member.stop()));
    await this.nameServer.stop();
  }
}

/** With dialback, nobody's certificate is trusted by anybody: each has an authority of its own. */
async function papersFor(
  domains: readonly string[],
  manner: Manner,
  common: Authority,
  flaws: Flaws = {},
): Promise<Papers> {
  const issuer = manner.proof === "certificate" ? common : await Authority.make("Nobody knows me");
  return { ...(await issuer.issue(domains, flaws)), authorities: common.certificate };
}

function placesOf(domains: readonly string[], address: string, { road }: Manner): Place[] {
  const how =
    road === "STARTTLS"
      ? { service: "_xmpp-server", port: PORTS.server }
      : { service: "_xmpps-server", port: PORTS.serverTls };
  return domains.map((domain) => ({ domain, address, ...how }));
}
