// Somebody in rooms on slixmpp: clients/slixmpp_room_client.py, which takes orders and tells events as lines of JSON.
import { fileURLToPath } from "node:url";
import { passportOf } from "./driven-client.js";
import { Program } from "./program.js";
import type { ServerUnderTest } from "./server-under-test.js";

const PROGRAM = fileURLToPath(new URL("../../../../test/interop/clients/slixmpp_room_client.py", import.meta.url));

/** What the client knows of a room once it is in. */
export interface Entry {
  /** Status codes of its own presence. */
  readonly codes: readonly number[];
  readonly occupants: readonly string[];
  /** Texts. */
  readonly history: readonly string[];
  readonly subject: string;
}

/** An event, as far as it matters: what is left out may be anything. */
export type Seen = Readonly<Record<string, unknown>>;

export class RoomGoer {
  readonly address: string;
  readonly #program: Program;

  private constructor(
    program: Program,
    address: string,
    private readonly room: string,
  ) {
    this.#program = program;
    this.address = address;
  }

  /** Logs in. */
  static async comes(server: ServerUnderTest, user: string, room: string): Promise<RoomGoer> {
    const passport = passportOf(server, user, "STARTTLS");
    const program = await Program.start("/usr/bin/python3", {
      args: [PROGRAM, JSON.stringify(passport)],
      installation: "apt-get install python3-slixmpp",
    });
    const goer = new RoomGoer(program, `${user}@${server.domain}`, room);
    await goer.sees({ event: "online" });
    return goer;
  }

  async enters(nick: string, more: Seen = {}): Promise<Entry> {
    this.does("enter", { nick, ...more });
    const { entry } = await this.sees({ event: "entered" });
    return entry as Entry; // as the program tells it
  }

  /** Gives an order that is about the room. */
  does(what: string, more: Seen = {}): void {
    this.#program.type(JSON.stringify({ do: what, room: this.room, ...more }));
  }

  /** Gives an order and waits until the room has obeyed. */
  async achieves(what: string, more: Seen): Promise<void> {
    this.does(what, more);
    await this.sees({ event: "done" });
  }

  says(body: string): void {
    this.does("say", { body });
  }

  async hears(nick: string, body: string): Promise<void> {
    await this.sees({ event: "heard", nick, body, old: false });
  }

  /** Waits for an event, in whatever order they come. */
  async sees(seen: Seen): Promise<Seen> {
    const { event, ...rest } = seen;
    const parts = Object.entries(rest).map(
      ([name, value]) => `(?=[^\\n]*${escaped(`"${name}":${JSON.stringify(value)}`)})`,
    );
    const [line] = await this.#program.expect(
      new RegExp(`\\{"event":${JSON.stringify(event)}${parts.join("")}[^\\n]*\\}`),
    );
    return JSON.parse(line) as Seen; // such lines are all that the program prints with an event
  }

  /** How many lines have told of such an event by now. */
  count(event: string, nick: string, body: string): number {
    return this.#lines(`{"event":"${event}","nick":"${nick}","body":"${body}"`);
  }

  hasTold(event: string): boolean {
    return this.#lines(`{"event":"${event}"`) > 0;
  }

  async leaves(nick: string, words = "Good night"): Promise<void> {
    this.does("depart", { nick, words });
    await this.sees({ event: "gone", nick });
  }

  /** Goes as one should. */
  async logsOut(): Promise<void> {
    this.does("leave");
    await this.sees({ event: "offline" });
    await this.#program.finishes();
  }

  /** Is frozen: the connection stays, nothing moves. */
  freezes(): void {
    this.#program.signal("SIGSTOP");
  }

  /** Drops dead. */
  async vanishes(): Promise<void> {
    await this.#program.stop();
  }

  #lines(beginning: string): number {
    return this.#program.output.split("\n").filter((line) => line.startsWith(beginning)).length;
  }
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
