// An account's roster in memory (RFC 6121 §2): who is listed, who sees whose presence. Changes are written by its owner.
import { Jid } from "../jid/jid.js";
import type { RosterView } from "../extension/session.js";
import type { AccountState, RosterItemRecord, Subscription } from "../storage/records.js";

/** A roster item; immutable. */
export interface RosterItem {
  readonly jid: Jid;
  readonly name: string;
  readonly subscription: Subscription;
  readonly isAsking: boolean;
  readonly isApproved: boolean;
  readonly groups: readonly string[];
  readonly version: number;
}

const noRequests: ReadonlyMap<Jid, string> = new Map();

export class Roster implements RosterView {
  /** Undefined while empty, for many rosters are. */
  #items: Map<Jid, RosterItem> | undefined;
  #requests: Map<Jid, string> | undefined;
  #version: number;
  #removalVersion: number;
  #subscribers: readonly Jid[] | undefined;
  #subscriptions: readonly Jid[] | undefined;
  #asked: readonly Jid[] | undefined;

  constructor(state: Pick<AccountState, "roster" | "requests" | "rosterVersion" | "rosterRemovalVersion">) {
    this.#version = state.rosterVersion;
    this.#removalVersion = state.rosterRemovalVersion;
    for (const record of state.roster) {
      const jid = Jid.parse(record.jid);
      this.#own().set(jid, { ...record, jid });
    }
    for (const { from, stanza } of state.requests) this.addRequest(Jid.parse(from), stanza);
  }

  get version(): number {
    return this.#version;
  }

  get size(): number {
    return this.#items?.size ?? 0;
  }

  get items(): readonly RosterItem[] {
    return this.#items === undefined ? [] : [...this.#items.values()];
  }

  /** Subscription requests that wait for the user's answer: the contact and the whole stanza. */
  get requests(): ReadonlyMap<Jid, string> {
    return this.#requests ?? noRequests;
  }

  addRequest(contact: Jid, stanza: string): void {
    (this.#requests ??= new Map()).set(contact, stanza);
  }

  /** False when there was none. */
  removeRequest(contact: Jid): boolean {
    return this.#requests?.delete(contact) ?? false;
  }

  /** Contacts who see our presence; kept until the roster changes, for this is walked at every broadcast. */
  get subscribers(): readonly Jid[] {
    return (this.#subscribers ??= this.items.filter((item) => sees(item, "from")).map(({ jid }) => jid));
  }

  /** Contacts whose presence we see. */
  get subscriptions(): readonly Jid[] {
    return (this.#subscriptions ??= this.items.filter((item) => sees(item, "to")).map(({ jid }) => jid));
  }

  /** Contacts who have been asked for their presence and have not answered. */
  get asked(): readonly Jid[] {
    return (this.#asked ??= this.items.filter(({ isAsking }) => isAsking).map(({ jid }) => jid));
  }

  get(contact: Jid): RosterItem | undefined {
    return this.#items?.get(contact);
  }

  has(contact: Jid): boolean {
    return this.#items?.has(contact) ?? false;
  }

  isSubscriber(contact: Jid): boolean {
    const item = this.#items?.get(contact);
    return item !== undefined && sees(item, "from");
  }

  isSubscribedTo(contact: Jid): boolean {
    const item = this.#items?.get(contact);
    return item !== undefined && sees(item, "to");
  }

  /** Puts the item in with the next version, and returns it as it stands now. */
  put(item: Omit<RosterItem, "version">): RosterItem {
    const changed = { ...item, version: this.#advance() };
    this.#own().set(item.jid, changed);
    return changed;
  }

  /** Takes the contact out; the new version, or undefined when there was none. */
  remove(contact: Jid): number | undefined {
    return this.#items?.delete(contact) === true ? (this.#removalVersion = this.#advance()) : undefined;
  }

  /** The items that changed after a version (§2.6.3), oldest change first; undefined when only the whole roster tells. */
  changedSince(version: number): readonly RosterItem[] | undefined {
    if (version > this.#version || version < this.#removalVersion) return undefined;
    const changed = this.items.filter((item) => item.version > version);
    return changed.sort((one, other) => one.version - other.version);
  }

  #own(): Map<Jid, RosterItem> {
    return (this.#items ??= new Map<Jid, RosterItem>());
  }

  #advance(): number {
    this.#subscribers = this.#subscriptions = this.#asked = undefined;
    return ++this.#version;
  }
}

/** As storage keeps it. */
export function recordOf(item: RosterItem): RosterItemRecord {
  return { ...item, jid: item.jid.toString() };
}

function sees(item: RosterItem, direction: "to" | "from"): boolean {
  return item.subscription === "both" || item.subscription === direction;
}
