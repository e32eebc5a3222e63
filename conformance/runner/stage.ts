// Everything that belongs to one scene while it is played: actors, accounts, variables.
import { randomBytes } from "node:crypto";
import type { Character, Scene } from "../scene/scene.js";
import { Variables } from "../scene/variables.js";
import type { Account, Federation, ServerUnderTest } from "../server-under-test.js";
import { parseElements, type XmlElement } from "../xml/element.js";
import { Actor } from "./actor.js";
import { Neighbours } from "./neighbours.js";
import { Rooms } from "./rooms.js";

/** The stage of one scene. Its accounts exist from `prepare` to `clear`. */
export class Stage {
  readonly actors = new Map<string, Actor>();
  readonly variables = new Variables();
  private readonly accounts = new Map<string, Account>();
  private readonly created: Account[] = [];
  private readonly neighbours: Neighbours;
  private readonly rooms: Rooms;

  /** @param patience milliseconds to wait for one event */
  constructor(
    readonly scene: Scene,
    readonly server: ServerUnderTest,
    readonly patience: number,
  ) {
    const suffix = randomBytes(4).toString("hex");
    this.neighbours = new Neighbours(scene.characters, server.federation, suffix);
    this.rooms = new Rooms(server.rooms, suffix);
    for (const character of scene.characters) {
      const account = this.neighbours.accountOf(character) ?? this.accountOf(character, suffix);
      this.actors.set(character.name, new Actor(character, account, patience));
    }
    this.variables.set("domain", server.domain);
    for (const actor of this.actors.values()) this.introduce(actor);
  }

  /** Opens the gates of other servers, and creates the accounts, except those of characters with `account: none`. */
  async prepare(): Promise<void> {
    await this.neighbours.enter([...this.actors.values()]);
    const withAccount = [...this.actors.values()].filter(
      ({ character, account }) => account.localpart !== "" && character.properties.get("account") !== "none",
    );
    for (const account of new Set(withAccount.map((actor) => actor.account))) {
      await this.server.createAccount(account);
      this.created.push(account);
    }
  }

  /** Closes the connections and removes the accounts. */
  async clear(): Promise<void> {
    for (const actor of this.actors.values()) actor.connection.close();
    await this.neighbours.leave();
    await Promise.all(this.created.map((account) => this.server.removeAccount(account)));
  }

  /** @throws Error when the scene has no such character */
  actor(name: string): Actor {
    const actor = this.actors.get(name);
    if (actor === undefined) throw new Error(`no character is called ${name}`);
    return actor;
  }

  /** Remembers the address that a resource was bound to. */
  bound(actor: Actor, fullJid: string): void {
    actor.fullJid = fullJid;
    this.variables.set(`${actor.name}'s full JID`, fullJid);
    this.variables.set(`${actor.name}'s resource`, fullJid.slice(fullJid.indexOf("/") + 1));
  }

  /** Remembers what a stream header from the server under test says. */
  opened(actor: Actor, { attributes }: XmlElement): void {
    this.named(actor, attributes.get("id") ?? "");
  }

  /** Remembers the id of a character's stream. */
  named(actor: Actor, streamId: string): void {
    actor.streamId = streamId;
    this.variables.set(`${actor.name}'s stream ID`, streamId);
  }

  /** Puts real addresses and values into a text of the scene; `isMarkup` says whether values are escaped for XML. */
  expand(text: string, isMarkup = true): string {
    return this.variables.expand(this.withRealAddresses(text), isMarkup);
  }

  /** The elements of a block, in this default namespace or that of clients. @throws Error when it is not well-formed */
  elements(block: string, namespace?: string): XmlElement[] {
    return parseElements(this.expand(block), namespace);
  }

  /** The federation of the server under test. @throws Error when it has none */
  get federation(): Federation {
    if (this.server.federation === undefined) throw new Error("the server has no federation");
    return this.server.federation;
  }

  /** Whether it is the address of a room of the server under test. */
  isRoom(bareJid: string): boolean {
    return this.rooms.has(bareJid);
  }

  /** The domain of the server under test that a character speaks to; property `to`. */
  domainFor({ character }: Actor): string {
    return this.expand(character.properties.get("to") ?? "localhost", false);
  }

  private accountOf({ name, properties }: Character, suffix: string): Account {
    const localpart = (properties.get("jid") ?? name.toLowerCase()).replace(/@.*$/s, "");
    const account = this.accounts.get(localpart) ?? {
      localpart: `${localpart}-${suffix}`,
      domain: this.server.domain,
      password: properties.get("password") ?? "password",
    };
    this.accounts.set(localpart, account);
    return account;
  }

  private introduce({ name, bareJid, account }: Actor): void {
    this.variables.set(`${name}'s JID`, bareJid);
    this.variables.set(`${name}'s bare JID`, bareJid);
    this.variables.set(`${name}'s local part`, account.localpart);
    this.variables.set(`${name}'s password`, account.password);
    this.variables.set(`${name}'s domain`, account.domain);
  }

  /** Scansion's scenes write addresses out: `romeo@localhost` is the account made for Romeo, `localhost` is the domain. */
  private withRealAddresses(text: string): string {
    let result = text;
    for (const [written, { localpart, domain }] of this.accounts) {
      result = result.replaceAll(`${written}@localhost`, `${localpart}@${domain}`);
    }
    result = this.rooms.withRealRooms(this.neighbours.withRealDomains(result));
    return this.server.domain === "localhost" ? result : result.replace(/\blocalhost\b/g, this.server.domain);
  }
}
