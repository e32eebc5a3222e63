// Servers that find one another: a name server, an authority that all trust, and one server of each kind wanted.
import { Authority } from "./authority.js";
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
    private readonly manner: Manner,
    private readonly queueSeconds: number,
    private readonly members: Map<string, Member>,
  ) {}

  /** Starts these servers; the name server knows `places`, too. */
  static async start(
    taken: readonly Seat[],
    manner: Manner,
    { places = [], queueSeconds = 60 }: { places?: readonly Place[]; queueSeconds?: number } = {},
  ): Promise<Federation> {
    const addresses = new Map<Seat, string>();
    for (const seat of taken) addresses.set(seat, await ownAddress());
    const own = [...addresses].flatMap(([seat, address]) => placesOf(allDomains(seats[seat]), address, manner));
    const nameServer = await NameServer.start([...own, ...places]);
    const federation = new Federation(nameServer, new Authority("The Globe"), manner, queueSeconds, new Map());
    const joining = [...addresses].map(([seat, address]) => federation.seat(seat, address));
    const outcomes = await Promise.allSettled(joining);
    if (outcomes.some(({ status }) => status === "rejected")) await federation.stop();
    await Promise.all(joining);
    return federation;
  }

  member(seat: Seat): Member {
    const member = this.members.get(seat);
    if (member === undefined) throw new Error(`${seat} does not take part`);
    return member;
  }

  /** Starts a further server, with papers of its own. */
  async join(name: string, kind: Kind, address: string, papers: Papers): Promise<Member> {
    const { manner, nameServer } = this;
    const setting = {
      manner,
      queueSeconds: this.queueSeconds,
      domains: [...papers.credentials.keys()],
      address,
      nameServer,
    };
    const member = await Member.start(kind, setting, papers);
    this.members.set(name, member);
    return member;
  }

  async stop(): Promise<void> {
    await Promise.all([...this.members.values()].map((member) => member.stop()));
    await this.nameServer.stop();
  }

  private async seat(seat: Seat, address: string): Promise<void> {
    const { kind, domains } = seats[seat];
    const services = kind === "rookery" ? (domain: string) => [roomsOf(domain)] : () => [];
    await this.join(seat, kind, address, this.papersFor(domains, services));
  }

  /** With dialback, nobody's certificate is trusted by anybody: each is from an authority of its own. */
  private papersFor(domains: readonly string[], servicesOf: (domain: string) => readonly string[]): Papers {
    const issuer = this.manner.proof === "certificate" ? this.authority : new Authority("Nobody knows me");
    const credentials = new Map(
      domains.map((domain) => [domain, issuer.issue(domain, { services: servicesOf(domain) })]),
    );
    return { credentials, authorities: this.authority.certificate };
  }
}

/** Where Rookery has the rooms of a host. */
export function roomsOf(domain: string): string {
  return `rooms.${domain}`;
}

function allDomains({ kind, domains }: (typeof seats)[Seat]): readonly string[] {
  return kind === "rookery" ? [...domains, ...domains.map(roomsOf)] : domains;
}

export function placesOf(domains: readonly string[], address: string, { road }: Pick<Manner, "road">): Place[] {
  const how =
    road === "STARTTLS"
      ? { service: "_xmpp-server", port: PORTS.server }
      : { service: "_xmpps-server", port: PORTS.serverTls };
  return domains.map((domain) => ({ domain, address, ...how }));
}
