// Roster changes: made in memory at once, written, and pushed to the interested resources once they are on disk.
import type { Jid } from "../jid/jid.js";
import type { LocalAccount } from "../routing/local-account.js";
import type { LocalSession } from "../routing/local-session.js";
import { buildStanza } from "../stanza/build.js";
import type { Stanza } from "../stanza/stanza.js";
import type { Storage } from "../storage/storage.js";
import { type Element, xml } from "../xml/element.js";
import { recordOf, type RosterItem } from "./roster.js";
import type { SubscriptionState } from "./subscription-state.js";

export const rosterNamespace = "jabber:iq:roster";

interface Push {
  readonly item: Element;
  readonly version: number;
}

export class Rosters {
  #pushes = 0;
  /** Pushes for sessions that are being told the roster. */
  readonly #waiting = new WeakMap<LocalSession, Push[]>();
  /** The last write of each account that has some under way; storage keeps their order. */
  readonly #writes = new WeakMap<LocalAccount, Promise<void>>();

  /** `mostItems`: how long a roster may get. `onRefused`: a write was refused, the account gone meanwhile perhaps. */
  constructor(
    private readonly storage: Storage,
    private readonly mostItems: number,
    private readonly onRefused: (error: unknown) => void,
  ) {}

  /**
   * Resolves when all that has been changed so far is on disk; undefined when it is. Whoever is told of a version before
   * that may hold a roster, after a crash, that differs from ours under the same version, and would never hear of it.
   */
  written(account: LocalAccount): Promise<void> | undefined {
    return this.#writes.get(account);
  }

  /** Settles when everything that has been written so far is on disk: storage keeps the order of its calls. */
  async stored(): Promise<void> {
    await this.storage.hostValues.get("", "", "");
  }

  isFull(account: LocalAccount): boolean {
    return account.roster.size >= this.mostItems;
  }

  /** Changes name and groups, or adds the item; resolves when it is stored and pushed. */
  async setItem(account: LocalAccount, contact: Jid, name: string, groups: readonly string[]): Promise<void> {
    const old = account.roster.get(contact);
    const state = old ?? { subscription: "none", isAsking: false, isApproved: false };
    await this.#store(account, account.roster.put({ ...state, jid: contact, name, groups }));
  }

  /** Changes the subscription; an item that does not exist yet is made (§3.1.2 and others). */
  setSubscription(account: LocalAccount, contact: Jid, state: SubscriptionState): void {
    const { name, groups } = account.roster.get(contact) ?? { name: "", groups: [] };
    const { subscription, isAsking, isApproved } = state;
    const item = account.roster.put({ jid: contact, name, groups, subscription, isAsking, isApproved });
    this.#store(account, item).catch(this.onRefused);
  }

  /** Takes the item out (§2.5); false when there was none. Resolves when that is stored and pushed. */
  async remove(account: LocalAccount, contact: Jid): Promise<boolean> {
    const version = account.roster.remove(contact);
    if (version === undefined) return false;
    await this.#write(account, this.storage.roster.remove(account.key, contact.toString(), version));
    this.#push(account, xml("item", { jid: contact.toString(), subscription: "remove" }), version);
    return true;
  }

  keepRequest(account: LocalAccount, contact: Jid, request: Stanza): void {
    const stanza = request.toXml("jabber:client");
    account.roster.addRequest(contact, stanza);
    this.storage.roster.putRequest(account.key, { from: contact.toString(), stanza }).catch(this.onRefused);
  }

  dropRequest(account: LocalAccount, contact: Jid): void {
    if (!account.roster.removeRequest(contact)) return;
    this.storage.roster.removeRequest(account.key, contact.toString()).catch(this.onRefused);
  }

  /**
   * The roster as it is now is about to be told to the session. From now on it gets pushes, but those of later changes wait
   * for what is returned: that is to be called right behind the answer, with the items that the client must be pushed first
   * (§2.6.3: "in order of modification").
   */
  beginTelling(session: LocalSession): (changed: readonly RosterItem[]) => void {
    const { version } = session.account.roster;
    const later: Push[] = [];
    session.isInterested = true;
    this.#waiting.set(session, later);
    return (changed) => {
      if (this.#waiting.get(session) === later) this.#waiting.delete(session);
      for (const item of changed) this.#send(session, { item: itemElement(item), version: item.version });
      for (const push of later) if (push.version > version) this.#send(session, push);
    };
  }

  async #store(account: LocalAccount, item: RosterItem): Promise<void> {
    await this.#write(account, this.storage.roster.put(account.key, recordOf(item)));
    this.#push(account, itemElement(item), item.version);
  }

  #write(account: LocalAccount, write: Promise<void>): Promise<void> {
    const forget = (): void => {
      if (this.#writes.get(account) === settled) this.#writes.delete(account);
    };
    const settled = write.then(forget, forget); // whoever made the change hears of a refusal
    this.#writes.set(account, settled);
    return write;
  }

  /** §2.1.6: to all interested resources, with the version that the roster has after the change (§2.6.3). */
  #push(account: LocalAccount, item: Element, version: number): void {
    for (const session of account.sessions) {
      if (!session.isInterested) continue;
      const waiting = this.#waiting.get(session);
      if (waiting === undefined) this.#send(session, { item, version });
      else waiting.push({ item, version });
    }
  }

  /** As what comes from others, it waits behind the roster itself. */
  #send(session: LocalSession, { item, version }: Push): void {
    const head = { to: session.jid, type: "set", id: `push-${(this.#pushes += 1)}` };
    const query = xml("query", { xmlns: rosterNamespace, ver: String(version) }, item);
    session.deliver(buildStanza("iq", head, query));
  }
}

/** §2.1.2: the item as it is sent. */
export function itemElement(item: RosterItem): Element {
  const attributes: Record<string, string> = { jid: item.jid.toString(), subscription: item.subscription };
  if (item.name !== "") attributes["name"] = item.name;
  if (item.isAsking) attributes["ask"] = "subscribe";
  if (item.isApproved) attributes["approved"] = "true";
  return xml("item", attributes, ...item.groups.map((group) => xml("group", {}, group)));
}
