// A server of a few lines, on byte streams in memory: enough for the runner to play scenes against.
import { Duplex } from "node:stream";
import type { ServerUnderTest } from "../../conformance/server-under-test.js";
import { elementsIn, NS, serialize, type XmlElement } from "../../conformance/xml/element.js";
import { StreamReader } from "../../conformance/xml/stream-reader.js";
import { PuppetRooms, puppetService } from "./puppet-rooms.js";

const header = `<stream:stream xmlns='jabber:client' xmlns:stream='${NS.stream}' from='puppets' id='1' version='1.0' xml:lang='en'>`;
const login = `<stream:features><mechanisms xmlns='${NS.sasl}'><mechanism>PLAIN</mechanism></mechanisms></stream:features>`;
const binding = `<stream:features><bind xmlns='${NS.bind}'/></stream:features>`;

/** What the server was asked for. */
export interface Puppets {
  readonly accounts: readonly string[];
  /** What was set in rooms. */
  readonly changes: readonly XmlElement[];
}

/** Messages come back to their sender; those with the subject "twice" do so twice, those with "never" not at all. */
export function puppetServer(): ServerUnderTest & Puppets {
  const accounts: string[] = [];
  const rooms = new PuppetRooms();
  return {
    name: "puppets",
    domain: "puppets",
    address: "nowhere",
    port: 0,
    rooms: puppetService,
    isCertificateTrusted: false,
    connect: () => new PuppetStream(rooms),
    accounts,
    changes: rooms.changes,
    createAccount: async ({ localpart }) => void accounts.push(localpart),
    removeAccount: async ({ localpart }) => void accounts.splice(accounts.indexOf(localpart), 1),
  };
}

class PuppetStream extends Duplex {
  private features = login;
  private jid = "";
  private reader = this.newReader();

  constructor(private readonly rooms: PuppetRooms) {
    super();
  }

  override _read(): void {
    // What there is to read is pushed as it comes up.
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.reader.write(chunk.toString());
    done();
  }

  private newReader(): StreamReader {
    return new StreamReader((event) => {
      if (event.kind === "header") this.push(header + this.features);
      if (event.kind === "stream-end") this.push("</stream:stream>");
      if (event.kind === "element") this.answer(event.element);
    });
  }

  private answer(element: XmlElement): void {
    const fromRooms = this.rooms.answer(element);
    if (fromRooms !== undefined) this.push(fromRooms);
    else if (element.name === "auth") this.logIn();
    else if (element.name === "iq") this.push(this.resultOf(element));
    else if (element.name === "message") this.push(this.echoOf(element));
  }

  private logIn(): void {
    this.features = binding;
    this.reader = this.newReader();
    this.push(`<success xmlns='${NS.sasl}'/>`);
  }

  private resultOf({ attributes, children }: XmlElement): string {
    const [child] = children.filter((one) => typeof one !== "string");
    const id = attributes.get("id") ?? "";
    if (child?.name !== "bind") return `<iq type='result' id='${id}'/>`;
    this.jid = `puppet@puppets/${Math.random()}`;
    return `<iq type='result' id='${id}'><bind xmlns='${NS.bind}'><jid>${this.jid}</jid></bind></iq>`;
  }

  private echoOf(message: XmlElement): string {
    const subject = elementsIn(message).find(({ name }) => name === "subject")?.children[0];
    const times = subject === "twice" ? 2 : subject === "never" ? 0 : 1;
    return serialize(message).replace("<message", `<message from='${this.jid}'`).repeat(times);
  }
}
