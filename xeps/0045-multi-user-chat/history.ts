// What was said in a room lately: in memory for newcomers, and in the archive when the room is persistent.
import { type Archive, type Jid, parseStanza, type Stanza } from "../../src/extension/index.js";
import { delayElement } from "../payloads/0203-delayed-delivery.js";
import { marked, markingOf } from "./marking.js";
import { chosenHistory, type HistoryItem, type HistoryRequest } from "./history-request.js";

/** One message of the history; `shown` is what newcomers are sent, delay and all, but for the address. */
export interface Remembered extends HistoryItem {
  readonly id: string;
  /** As it was sent to all. */
  readonly original: Stanza;
  readonly shown: Stanza;
}

/** Between two looks at whether the archive has grown too long: a look costs more than a few messages too many. */
const appendsBetweenTrims = 100;

/** Messages of the archive among which one is looked for by what its author calls it: there is no index of that. */
const mostSearched = 100;

export class History {
  #items: Remembered[] = [];
  /** The first one looks, or else a room that is read again and again would never be trimmed. */
  #appends = appendsBetweenTrims - 1;

  constructor(
    private readonly room: Jid,
    private readonly archive: Archive,
    private readonly limits: { readonly inMemory: number; readonly stored: number },
  ) {}

  get items(): readonly Remembered[] {
    return this.#items;
  }

  /** Reads what is remembered of a persistent room. */
  async load(): Promise<void> {
    const stored = await this.archive.last(this.room.local, this.limits.inMemory);
    this.#items = stored.map(({ id, at, stanza }) => this.#remembered(id, at, parseStanza(stanza)));
  }

  /** Keeps the message, addressed to nobody; the promise settles once it is on disk, undefined for a temporary room. */
  add(id: string, at: number, message: Stanza, isStored: boolean): Promise<void> | undefined {
    this.#items.push(this.#remembered(id, at, message.compact()));
    if (this.#items.length > this.limits.inMemory) this.#items.shift();
    return isStored ? this.#store(id, at, message) : undefined;
  }

  /** Writes what is in memory: the room has become persistent. */
  async storeAll(): Promise<void> {
    await Promise.all(this.#items.map(({ id, at, original }) => this.#append(id, at, original)));
  }

  /**
   * Another text takes the place of a message's, for everybody who comes from now on; false when there is none. When that
   * can't be stored, the message is as it was: who tries again must not be told that it is done.
   */
  async replace(id: string, message: Stanza, isStored: boolean): Promise<boolean> {
    const before = this.#exchange(id, message);
    if (!isStored) return before !== undefined;
    try {
      return await this.archive.replace(this.room.local, id, message.toXml("jabber:client"));
    } catch (error) {
      if (before !== undefined) this.#exchange(id, before);
      throw error;
    }
  }

  /** The message of this id, as it was sent to all. */
  async find(id: string, isStored: boolean): Promise<Stanza | undefined> {
    const item = this.#items.find((each) => each.id === id);
    if (item !== undefined || !isStored) return item?.original;
    const stored = await this.archive.get(this.room.local, id);
    return stored === undefined ? undefined : parseStanza(stored.stanza);
  }

  /**
   * The latest message that its author has given this id, as far as lately said, and the room's own id for it. `isMeant`:
   * whether it is the author's.
   */
  async findSent(
    id: string,
    isMeant: (message: Stanza) => boolean,
    isStored: boolean,
  ): Promise<{ readonly id: string; readonly original: Stanza } | undefined> {
    const isIt = ({ original }: { readonly original: Stanza }): boolean => original.id === id && isMeant(original);
    const item = this.#items.findLast(isIt);
    if (item !== undefined || !isStored) return item;
    const stored = await this.archive.last(this.room.local, mostSearched);
    return stored
      .filter(({ stanza }) => stanza.includes(id)) // an escaped id is not found, and not worth reading all of them
      .map((each) => ({ id: each.id, original: parseStanza(each.stanza) }))
      .findLast(isIt);
  }

  /** Forgets what is older than this time (milliseconds since 1970), or everything. Resolves with how many messages went. */
  async forget(before: number | undefined, isStored: boolean): Promise<number> {
    const kept = this.#items.filter(({ at }) => before !== undefined && at >= before);
    const gone = this.#items.length - kept.length;
    this.#items = kept;
    if (!isStored) return gone;
    return this.archive.trim(this.room.local, before === undefined ? { keep: 0 } : { since: before });
  }

  /** What a newcomer is sent who asks so (§7.2.13, §7.2.14). */
  chosen(request: HistoryRequest, most: number): readonly Remembered[] {
    const mostMessages = Math.min(request.mostMessages ?? most, most);
    return chosenHistory(this.#items, { ...request, mostMessages });
  }

  /** In memory; returns what was there. */
  #exchange(id: string, message: Stanza): Stanza | undefined {
    const index = this.#items.findIndex((item) => item.id === id);
    const item = this.#items[index];
    if (item !== undefined) this.#items[index] = this.#remembered(id, item.at, message);
    return item?.original;
  }

  #remembered(id: string, at: number, original: Stanza): Remembered {
    const shown = marked(original, original, markingOf([delayElement(this.room, at)]));
    return { id, at, shown, original, characters: shown.toXml().length };
  }

  #store(id: string, at: number, message: Stanza): Promise<void> {
    const stored = this.#append(id, at, message);
    if (++this.#appends % appendsBetweenTrims === 0) this.#trim();
    return stored;
  }

  /** Nothing waits for it: the message would go out behind those that came after it. What fails is made up for later. */
  #trim(): void {
    this.archive.trim(this.room.local, { keep: this.limits.stored }).catch(() => undefined);
  }

  #append(id: string, at: number, message: Stanza): Promise<void> {
    return this.archive.append(this.room.local, { id, at, with: "", stanza: message.toXml("jabber:client") });
  }
}
