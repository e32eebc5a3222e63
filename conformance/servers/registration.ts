// Makes accounts by in-band registration (XEP-0077), over one connection for all of them.
import { Connection } from "../client/connection.js";
import { openConnection, openSecureStream } from "../client/log-in.js";
import type { Account, ServerUnderTest } from "../server-under-test.js";
import { escapeXml, serialize } from "../xml/element.js";

/** Registers accounts, one after the other, on a stream of its own. */
export class Registrar {
  private connection: Connection | undefined;
  private last: Promise<unknown> = Promise.resolve();
  private count = 0;

  constructor(private readonly server: () => ServerUnderTest) {}

  /** @throws Error when the server refuses */
  createAccount(account: Account): Promise<void> {
    const created = this.last.then(() => this.register(account));
    this.last = created.catch(() => undefined);
    return created;
  }

  stop(): void {
    this.connection?.close();
  }

  /** Some servers allow one account a stream only (XEP-0077 §3.1.1): then the next one gets a stream of its own. */
  private async register(account: Account): Promise<void> {
    const isFresh = this.connection === undefined;
    const problem = await this.ask(account);
    if (problem === undefined) return;
    this.reconnect();
    const again = isFresh ? problem : await this.ask(account);
    if (again !== undefined) throw new Error(`${account.localpart} was not registered: ${again}`);
  }

  /** Gives what the server says against it. */
  private async ask({ localpart, password, domain }: Account): Promise<string | undefined> {
    const connection = (this.connection ??= await this.connect());
    const fields = `<username>${escapeXml(localpart)}</username><password>${escapeXml(password)}</password>`;
    const id = `register-${++this.count}`;
    connection.send(
      `<iq type='set' id='${id}' to='${domain}'><query xmlns='jabber:iq:register'>${fields}</query></iq>`,
    );
    const answer = await connection.nextElement().catch((error: unknown) => String(error));
    if (typeof answer === "string") return answer;
    return answer.attributes.get("type") === "result" ? undefined : serialize(answer);
  }

  private reconnect(): void {
    this.connection?.close();
    this.connection = undefined;
  }

  private async connect(): Promise<Connection> {
    const connection = new Connection(10_000);
    await openConnection(connection, this.server(), "tcp");
    await openSecureStream(connection, this.server());
    return connection;
  }
}
