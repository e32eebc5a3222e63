// The hats of one room, and who wears which.
import { createHash } from "node:crypto";
import { type Jid, StanzaError } from "../../src/extension/index.js";
import { type Hat, isSameHat } from "./hat.js";

export interface WardrobeLimits {
  readonly hats: number;
  readonly wearers: number;
}

/** Hats that one person may wear in a room: they are in every presence. */
const mostWorn = 10;

export class Wardrobe {
  /** By their URIs, in the order in which they were made. */
  readonly #hats: Map<string, Hat>;
  /** URIs by bare JID. */
  readonly #worn: Map<string, readonly string[]>;
  #hash: string | undefined;

  constructor(
    private readonly limits: WardrobeLimits,
    hats: readonly Hat[] = [],
    worn: ReadonlyMap<string, readonly string[]> = new Map(),
  ) {
    this.#hats = new Map(hats.map((hat) => [hat.uri, hat]));
    this.#worn = new Map(worn);
  }

  get hats(): readonly Hat[] {
    return [...this.#hats.values()];
  }

  /** URIs by bare JID. */
  get worn(): ReadonlyMap<string, readonly string[]> {
    return this.#worn;
  }

  /** §2: another one whenever the list has changed; undefined while there is none. */
  get hash(): string | undefined {
    if (this.#hats.size === 0) return undefined;
    return (this.#hash ??= createHash("sha256").update(JSON.stringify(this.hats)).digest("hex"));
  }

  wornBy(jid: Jid): readonly Hat[] {
    const uris = this.#worn.get(jid.bare.toString()) ?? [];
    return uris.flatMap((uri) => this.#hats.get(uri) ?? []); // a crash may have left the URI of a hat that is gone
  }

  wearersOf(uri: string): readonly string[] {
    return [...this.#worn].flatMap(([jid, uris]) => (uris.includes(uri) ? [jid] : []));
  }

  /** Adds a hat, or changes the one with its URI; false when it is just so already. */
  put(hat: Hat): boolean {
    const before = this.#hats.get(hat.uri);
    if (isSameHat(before, hat)) return false;
    if (before === undefined && this.#hats.size >= this.limits.hats)
      throw new StanzaError("resource-constraint", { text: "The room has too many hats already." });
    this.#hats.set(hat.uri, hat);
    this.#hash = undefined;
    return true;
  }

  /** Removes the hat, from those who wear it, too; these are returned. */
  remove(uri: string): readonly string[] {
    this.#require(uri);
    const wearers = this.wearersOf(uri);
    for (const jid of wearers) this.#takeOff(jid, uri);
    this.#hats.delete(uri);
    this.#hash = undefined;
    return wearers;
  }

  /** False when they wear it already. */
  assign(jid: Jid, uri: string): boolean {
    this.#require(uri);
    const wearer = jid.bare.toString();
    const before = (this.#worn.get(wearer) ?? []).filter((each) => this.#hats.has(each));
    if (before.includes(uri)) return false;
    if (!this.#worn.has(wearer) && this.#worn.size >= this.limits.wearers)
      throw new StanzaError("resource-constraint", { text: "Too many people wear hats in this room already." });
    if (before.length >= mostWorn)
      throw new StanzaError("resource-constraint", { text: `One person may wear ${mostWorn} hats.` });
    this.#worn.set(wearer, [...before, uri]);
    return true;
  }

  unassign(jid: Jid, uri: string): void {
    const wearer = jid.bare.toString();
    if (this.#worn.get(wearer)?.includes(uri) === true) return this.#takeOff(wearer, uri);
    throw new StanzaError("item-not-found", { text: "They do not wear this hat." });
  }

  #takeOff(wearer: string, uri: string): void {
    const left = this.#worn.get(wearer)?.filter((each) => each !== uri) ?? [];
    if (left.length === 0) this.#worn.delete(wearer);
    else this.#worn.set(wearer, left);
  }

  #require(uri: string): void {
    if (!this.#hats.has(uri)) throw new StanzaError("item-not-found", { text: "The room has no such hat." });
  }
}
