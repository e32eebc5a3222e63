// Everything that belongs to one scene while it is played: actors, accounts, variables.
import { randomBytes } from "node:crypto";
import type { Scene } from "../scene/scene.js";
import { Variables } from "../scene/variables.js";
import type { Account, ServerUnderTest } from "../server-under-test.js";
import { parseElements, type XmlElement } from "../xml/element.js";
import { Actor } from "./actor.js";

/** The stage of one scene. Its accounts exist from `prepare` to `clear`. */
export class Stage {
  readonly actors = new Map<string, Actor>();
  readonly variables = new Variables();
  private readonly accounts = new Map<string, Account>();
  private readonly created: Account[] = [];

  /** @param patience milliseconds to wait for one event */
  constructor(
    readonly scene: Scene,
    readonly server: ServerUnderTest,
    readonly patience: number,
  ) {
    const suffix = randomBytes(4).toString("hex");
    for (const character of scene.characters) {
      const localpart = (character.properties.get("jid") ?? character.name.toLowerCase()).replace(/@.*$/s, "");
      const password = character.properties.get("password") ?? "password";
      const account = this.accounts.get(localpart) ?? {
        localpart: `${localpart}-${suffix}`,
        domain: server.domain,
        password,
      };
      this.accounts.set(localpart, account);
      this.actors.set(character.name, new Actor(character, account, patience));
    }
    this.variables.set("domain", server.domain);
    for (const actor of this.actors.values()) this.introduce(actor);
  }

  /** Creates the accounts, except those of characters with `account: none`. */
  async prepare(): Promise<void> {
    const withAccount = [...this.actors.values()].filter(
      ({ character }) => character.properties.get("account") !== "none",
    );
    for (const account of new Set(withAccount.map((actor) => actor.account))) {
      await this.server.createAccount(account);
      this.created.push(account);
    }
  }

  /** Closes the connections and removes the accounts. */
  async clear(): Promise<void> {
    for (const actor of this.actors.values()) actor.connection.close();
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

  /** Puts real addresses and values into a text of the scene; `isMarkup` says whether values are escaped for XML. */
  expand(text: string, isMarkup = true): string {
    return this.variables.expand(this.withRealAddresses(text), isMarkup);
  }

  /** The elements of a block. @throws Error when it is not well-formed */
  elements(block: string): XmlElement[] {
    return parseElements(this.expand(block));
  }

  private introduce({ name, bareJid, account }: Actor): void {
    this.variables.set(`${name}'s JID`, bareJid);
    this.variables.set(`${name}'s bare JID`, bareJid);
    this.variables.set(`${name}'s local part`, account.localpart);
    this.variables.set(`${name}'s password`, account.password);
  }

  /** Scansion's scenes write addresses out: `romeo@localhost` is the account made for Romeo, `localhost` is the domain. */
  private withRealAddresses(text: string): string {
    let result = text;
    for (const [written, { localpart, domain }] of this.accounts) {
      result = result.replaceAll(`${written}@localhost`, `${localpart}@${domain}`);
    }
    return this.server.domain === "localhost" ? result : result.replace(/\blocalhost\b/g, this.server.domain);
  }
}
