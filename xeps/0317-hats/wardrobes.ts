// The wardrobes of all rooms in memory, and how they are kept: what is changed here is on disk when the promise settles.
import { type Jid, json, perHostMap, perHostMaps, type StoresOf } from "../../src/extension/index.js";
import type { Room } from "../0045-multi-user-chat/index.js";
import { type Hat, isListOfHats } from "./hat.js";
import { Wardrobe, type WardrobeLimits } from "./wardrobe.js";

export const hatStores = {
  /** By room. */
  hats: perHostMap(json(isListOfHats)),
  /** URIs by room, then by bare JID. */
  worn: perHostMaps(json(isListOfUris)),
};

export class Wardrobes {
  readonly #known = new WeakMap<Room, Wardrobe>();

  constructor(
    private readonly stores: StoresOf<typeof hatStores>,
    private readonly limits: WardrobeLimits,
  ) {}

  /** Undefined for a room that has never had any hats. */
  find(room: Room): Wardrobe | undefined {
    return this.#known.get(room);
  }

  of(room: Room): Wardrobe {
    const wardrobe = this.#known.get(room) ?? new Wardrobe(this.limits);
    this.#known.set(room, wardrobe);
    return wardrobe;
  }

  async load(room: Room): Promise<void> {
    const [hats, worn] = await Promise.all([this.stores.hats.get(room.name), this.stores.worn.entries(room.name)]);
    if (hats !== undefined) this.#known.set(room, new Wardrobe(this.limits, hats, worn));
  }

  /** Writes all there is: the room is to be kept from now on. */
  async keep(room: Room): Promise<void> {
    const wardrobe = this.find(room);
    if (wardrobe === undefined) return;
    const { worn } = this.stores;
    const rows = [...wardrobe.worn].map(([jid, uris]) => worn.set(room.name, jid, uris));
    await Promise.all([...rows, this.#storeHats(room, wardrobe)]);
  }

  async forget(room: Room): Promise<void> {
    await Promise.all([this.stores.hats.remove(room.name), this.stores.worn.clear(room.name)]);
  }

  /** Undefined when nothing has changed. */
  put(room: Room, hat: Hat): Promise<unknown> | undefined {
    const wardrobe = this.of(room);
    return wardrobe.put(hat) ? Promise.resolve(this.#storeHats(room, wardrobe)) : undefined;
  }

  /** Who wore it, and the promise. */
  remove(room: Room, uri: string): { readonly wearers: readonly string[]; readonly stored: Promise<unknown> } {
    const wardrobe = this.of(room);
    const wearers = wardrobe.remove(uri);
    const rows = wearers.map((jid) => this.#storeWorn(room, wardrobe, jid));
    return { wearers, stored: Promise.all([...rows, this.#storeHats(room, wardrobe)]) };
  }

  /** Undefined when they wear it already. */
  assign(room: Room, jid: Jid, uri: string): Promise<unknown> | undefined {
    const wardrobe = this.of(room);
    if (!wardrobe.assign(jid, uri)) return undefined;
    return Promise.resolve(this.#storeWorn(room, wardrobe, jid.bare.toString()));
  }

  unassign(room: Room, jid: Jid, uri: string): Promise<unknown> {
    const wardrobe = this.of(room);
    wardrobe.unassign(jid, uri);
    return Promise.resolve(this.#storeWorn(room, wardrobe, jid.bare.toString()));
  }

  #storeHats(room: Room, { hats }: Wardrobe): Promise<void> | undefined {
    return room.isStored ? this.stores.hats.set(room.name, hats) : undefined;
  }

  #storeWorn(room: Room, { worn }: Wardrobe, jid: string): Promise<void> | undefined {
    if (!room.isStored) return undefined;
    const uris = worn.get(jid);
    return uris === undefined ? this.stores.worn.remove(room.name, jid) : this.stores.worn.set(room.name, jid, uris);
  }
}

function isListOfUris(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((uri) => typeof uri === "string");
}
