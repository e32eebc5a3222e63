// Logs a session in: STARTTLS, SCRAM, bind, roster and initial presence, step by step as a client does it.
import { randomBytes } from "node:crypto";
import { accountName, type Target, type Transport } from "../job.js";
import { Connection } from "./connection.js";
import { MECHANISMS, ScramClient } from "./scram.js";

/** Who logs in, and to whom the bare router shall pass on what it sends. */
export interface Persona {
  /** Number of the account. */
  readonly account: number;
  /** Accounts that the bare router forwards to; an XMPP server reads that in the stanzas. */
  readonly route?: readonly number[] | "all";
}

const STREAM_END = "</stream:stream>";
const RESOURCE = "bench";

/** Opens sessions to one server. */
export class Door {
  readonly #scram = new ScramClient();

  constructor(
    readonly target: Target,
    readonly transport: Transport,
  ) {}

  /** Logs in and resolves when the session's own presence has come back (bare router: its greeting). */
  async enter(persona: Persona): Promise<Connection> {
    const connection = await this.enterSilently(persona);
    if (this.target.dialect === "xmpp") await announce(connection);
    return connection;
  }

  /** Logs in without becoming available: nothing that waits for the user is delivered yet. */
  async enterSilently(persona: Persona): Promise<Connection> {
    const connection = await Connection.open(this.target, persona.account);
    if (this.target.dialect === "bare") await this.#greet(connection, persona);
    else await this.#logIn(connection, accountName(persona.account));
    return connection;
  }

  /** Several at a time; the order of the answer is that of `personas`. */
  async enterAll(personas: readonly Persona[]): Promise<Connection[]> {
    const connections: Connection[] = [];
    const waiting = personas.entries();
    const worker = async () => {
      for (const [index, persona] of waiting) connections[index] = await this.enter(persona);
    };
    await Promise.all(Array.from({ length: 16 }, worker));
    return connections;
  }

  /** Ends a session as a client does. */
  async leave(connection: Connection): Promise<void> {
    await connection.close(this.target.dialect === "bare" ? "" : STREAM_END);
  }

  /** Bare address of an account. */
  address(account: number): string {
    return `${accountName(account)}@${this.target.domain}`;
  }

  /** Full address of the session of an account. */
  fullAddress(account: number): string {
    return `${this.address(account)}/${RESOURCE}`;
  }

  async #greet(connection: Connection, { account, route = [] }: Persona): Promise<void> {
    if (this.transport === "tls") await connection.startTls(this.target.domain);
    connection.write(`${account}>${route === "all" ? "*" : route.join(",")}\n`);
    await connection.expect(/ok\n/);
  }

  async #logIn(connection: Connection, name: string): Promise<void> {
    let features = await this.#openStream(connection);
    if (this.transport === "tls") {
      connection.write("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
      await connection.expect(/<proceed[^>]*>/);
      await connection.startTls(this.target.domain);
      features = await this.#openStream(connection);
    }
    await this.#authenticate(connection, name, features);
    await this.#openStream(connection);
    await bind(connection);
  }

  async #openStream(connection: Connection): Promise<string> {
    connection.write(
      `<?xml version='1.0'?><stream:stream to='${this.target.domain}' version='1.0' xml:lang='en' ` +
        `xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>`,
    );
    return (await connection.expect(/<stream:features[^]*<\/stream:features>/))[0];
  }

  async #authenticate(connection: Connection, name: string, features: string): Promise<void> {
    const mechanism = MECHANISMS.find((known) => features.includes(`>${known}<`));
    if (!mechanism) throw new Error(`The server offers no SCRAM that the generator knows: ${features}`);
    const first = `n=${name},r=${randomBytes(18).toString("base64")}`;
    connection.write(sasl("auth", `n,,${first}`, ` mechanism='${mechanism}'`));
    const [, challenge = ""] = await connection.expect(/<challenge[^>]*>([^<]*)<\/challenge>/);
    const serverFirst = Buffer.from(challenge, "base64").toString("utf8");
    connection.write(sasl("response", this.#scram.finalMessage(mechanism, first, serverFirst)));
    await connection.expect(/<success[^>]*(\/>|>[^<]*<\/success>)/);
  }
}

/** RFC 6120 §7, then the roster (RFC 6121 §2.2). */
async function bind(connection: Connection): Promise<void> {
  const request = `<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>${RESOURCE}</resource></bind>`;
  connection.write(`<iq type='set' id='bind'>${request}</iq>`);
  await connection.expect(/<jid>[^<]+<\/jid>[^]*?<\/iq>/);
  connection.write("<iq type='get' id='roster'><query xmlns='jabber:iq:roster'/></iq>");
  await connection.expect(/<iq[^>]*id=['"]roster['"][^>]*(\/>|>[^]*?<\/iq>)/);
}

/** RFC 6121 §4.2: the own presence that comes back shows that the server has dealt with it. */
async function announce(connection: Connection): Promise<void> {
  connection.write("<presence/>");
  await connection.expect(/<presence[^>]*\/bench['"][^>]*(\/>|>[^]*?<\/presence>)/);
}

function sasl(name: string, text: string, attributes = ""): string {
  const encoded = Buffer.from(text).toString("base64");
  return `<${name} xmlns='urn:ietf:params:xml:ns:xmpp-sasl'${attributes}>${encoded}</${name}>`;
}
