// What people are to a room, and the nicknames that are reserved for them: in memory, and how it gets onto the disk.
import { type Jid, nicknameKey } from "../../src/extension/index.js";
import type { StandingRecord } from "./records.js";
import type { Affiliation } from "./standing.js";
import type { RoomStores } from "./stores.js";

export class Standings {
  /** By bare JID, or by domain. */
  readonly #records: Map<string, StandingRecord>;
  /** Whose a nickname is, by its key; who has it: the key in #records. */
  readonly #reserved = new Map<string, string>();

  constructor(
    /** Its name. */
    private readonly room: string,
    private readonly stores: Pick<RoomStores, "standings" | "owned">,
    records: ReadonlyMap<string, StandingRecord>,
  ) {
    this.#records = new Map(records);
    for (const [owner, { nick }] of records) if (nick !== undefined) this.#reserve(nick, owner);
  }

  get records(): ReadonlyMap<string, StandingRecord> {
    return this.#records;
  }

  of(jid: Jid): StandingRecord | undefined {
    return this.#records.get(jid.bare.toString());
  }

  /** A ban may be of a whole domain (§9.1). */
  affiliationOf(jid: Jid): Affiliation {
    const own = this.of(jid);
    if (own !== undefined && own.affiliation !== "none") return own.affiliation;
    return this.#records.get(jid.domain)?.affiliation ?? "none";
  }

  reserverOf(key: string): string | undefined {
    return this.#reserved.get(key);
  }

  /** In memory. Returns what was there before. */
  set(jid: Jid, standing: StandingRecord | undefined): StandingRecord | undefined {
    const owner = jid.bare.toString();
    const before = this.#records.get(owner);
    if (before?.nick !== undefined) this.#reserved.delete(nicknameKey(before.nick));
    if (standing === undefined) this.#records.delete(owner);
    else this.#records.set(owner, standing);
    if (standing?.nick !== undefined) this.#reserve(standing.nick, owner);
    return before;
  }

  /** Writes what is known of somebody. `before`: what it was until now. */
  async store(jid: Jid, before: StandingRecord | undefined): Promise<void> {
    const { standings } = this.stores;
    const owner = jid.bare.toString();
    const record = this.#records.get(owner);
    await Promise.all([
      record === undefined ? standings.remove(this.room, owner) : standings.set(this.room, owner, record),
      this.#storeOwnership(owner, before, record),
    ]);
  }

  #storeOwnership(
    owner: string,
    before: StandingRecord | undefined,
    after: StandingRecord | undefined,
  ): Promise<void> | undefined {
    if (after?.affiliation === "owner") return this.stores.owned.set(owner, this.room, "");
    return before?.affiliation === "owner" ? this.stores.owned.remove(owner, this.room) : undefined;
  }

  #reserve(nick: string, owner: string): void {
    this.#reserved.set(nicknameKey(nick), owner);
  }
}
