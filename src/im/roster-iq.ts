// The roster protocol (RFC 6121 §2): get with versioning, set, remove, and every refusal of §2.3.3.
import { Jid, JidMalformed } from "../jid/jid.js";
import type { Account } from "../extension/session.js";
import { Turns } from "../extension/turns.js";
import type { IqAnswer, OwnIqRequest } from "../extension/iq-table.js";
import type { LocalAccount } from "../routing/local-account.js";
import type { LocalHost } from "../routing/local-host.js";
import type { LocalSession } from "../routing/local-session.js";
import { StanzaError } from "../stanza/stanza-error.js";
import { type Element, xml } from "../xml/element.js";
import type { Roster, RosterItem } from "./roster.js";
import { itemElement, rosterNamespace, type Rosters } from "./rosters.js";

/** Longest handle and group name, and both of an item together, in characters (§2.3.3 leaves the limits to us). */
const longestName = 1023;
const longestLabels = 4096;
const mostGroups = 200;

/** Makes the host answer roster requests of its users. */
export function serveRosters(host: LocalHost, rosters: Rosters): void {
  // RFC 6120 §10.1: a request sees what the one before it has changed, and nothing of the one behind it.
  const turns = new Turns<Account>();
  host.iq.add("get", "own-account", rosterNamespace, "query", "roster", (request) =>
    turns.takeAtOnce(request.account, () => getRoster(request, rosters)),
  );
  host.iq.add("set", "own-account", rosterNamespace, "query", "roster", (request) =>
    turns.take(request.account, () => setItem(request, host, rosters)),
  );
  // §2.1.5: somebody else's roster is nobody's business.
  for (const type of ["get", "set"] as const) {
    host.iq.add(type, "account", rosterNamespace, "query", "roster", () => {
      throw new StanzaError("forbidden");
    });
  }
}

/**
 * §2.2 and §2.6: the whole roster, or what has changed since the version that the client has. It is told as it is now (RFC
 * 6120 §10.1), once it is on disk.
 */
function getRoster(request: OwnIqRequest, rosters: Rosters): IqAnswer | Promise<IqAnswer> {
  if (request.payload.getChildElements().length > 0) throw new StanzaError("bad-request");
  const session = request.session as LocalSession;
  const { roster } = session.account;
  const changed = changedSince(roster, request.payload.attrs["ver"] as string | undefined);
  const whole = changed === undefined ? rosterElement(roster) : undefined;
  const pushRest = rosters.beginTelling(session);
  // §2.6.3: an empty result, and behind it a push for each item that changed
  request.afterAnswer(() => pushRest(changed ?? []));
  return rosters.written(session.account)?.then(() => whole) ?? whole;
}

function changedSince(roster: Roster, version: string | undefined): readonly RosterItem[] | undefined {
  return version !== undefined && /^\d{1,15}$/.test(version) ? roster.changedSince(Number(version)) : undefined;
}

/** §2.6.3: with the version, for those who have not asked for it, too. */
function rosterElement({ version, items }: Roster): Element {
  return xml("query", { xmlns: rosterNamespace, ver: String(version) }, ...items.map(itemElement));
}

async function setItem(request: OwnIqRequest, host: LocalHost, rosters: Rosters): Promise<undefined> {
  const items = request.payload.getChildElements();
  const item = items[0];
  if (items.length !== 1 || item === undefined || !item.is("item", rosterNamespace)) {
    throw new StanzaError("bad-request", { text: "A roster set has exactly one item." });
  }
  const account = request.account as LocalAccount;
  const contact = contactOf(item);
  if (!account.isStored) throw new StanzaError("not-allowed", { text: "Nothing is kept for you." });
  if (item.attrs["subscription"] === "remove") await removeItem(account, contact, host);
  else await changeItem(account, contact, item, rosters);
}

/** §2.5. */
async function removeItem(account: LocalAccount, contact: Jid, host: LocalHost): Promise<void> {
  if (!account.roster.has(contact)) throw new StanzaError("item-not-found");
  await host.subscriptions.remove(account, contact);
}

/** §2.3, §2.4. Any `subscription` but "remove" is ignored (§2.1.5). */
async function changeItem(account: LocalAccount, contact: Jid, item: Element, rosters: Rosters): Promise<void> {
  if (contact === account.jid) throw new StanzaError("not-allowed", { text: "Your own address can't be listed." });
  const name = (item.attrs["name"] as string | undefined) ?? "";
  const groups = item.getChildren("group", rosterNamespace).map((group) => group.getText());
  checkLabels(name, groups);
  if (!account.roster.has(contact) && rosters.isFull(account)) {
    throw new StanzaError("not-acceptable", { text: "The roster is full." });
  }
  await rosters.setItem(account, contact, name, groups);
}

/** §2.3.3. */
function checkLabels(name: string, groups: readonly string[]): void {
  if (name.length > longestName) throw new StanzaError("not-acceptable", { text: "The name is too long." });
  if (new Set(groups).size !== groups.length) throw new StanzaError("bad-request", { text: "A group stands twice." });
  if (groups.length > mostGroups) throw new StanzaError("not-acceptable", { text: "Too many groups." });
  for (const group of groups) {
    if (group === "") throw new StanzaError("not-acceptable", { text: "A group needs a name." });
    if (group.length > longestName) throw new StanzaError("not-acceptable", { text: "A group's name is too long." });
  }
  const length = groups.reduce((sum, group) => sum + group.length, name.length);
  if (length > longestLabels) throw new StanzaError("not-acceptable", { text: "The groups' names are too long." });
}

/** §2.1.2.3. Contacts are listed by their bare JID; a full one is treated as in §3.1.2. */
function contactOf(item: Element): Jid {
  const text = item.attrs["jid"] as string | undefined;
  if (text === undefined) throw new StanzaError("bad-request", { text: "The item has no jid." });
  try {
    return Jid.parse(text).bare;
  } catch (error) {
    if (error instanceof JidMalformed) throw new StanzaError("jid-malformed", { text: error.message });
    throw error;
  }
}
