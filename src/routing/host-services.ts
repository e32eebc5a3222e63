// What core does for the extensions of a host at any time (see extension/services.ts).
import type { Clock } from "../extension/clock.js";
import type { Extension } from "../extension/declaration.js";
import type { AccountOperations, HostServices, OfflineMessages } from "../extension/services.js";
import type { Account, Session } from "../extension/session.js";
import type { Jid } from "../jid/jid.js";
import { buildStanza } from "../stanza/build.js";
import type { OfflineQuota, Storage } from "../storage/storage.js";
import type { Element } from "../xml/element.js";
import type { LocalHost } from "./local-host.js";
import { sendRequest } from "./send-request.js";

export interface HostServicesParts {
  readonly local: LocalHost;
  readonly storage: Storage;
  readonly clock: Clock;
  readonly offlineQuota: OfflineQuota;
  readonly accounts: AccountOperations;
  readonly admins: ReadonlySet<Jid>;
  readonly software: { readonly name: string; readonly version: string };
  readonly extensions: readonly Extension<unknown>[];
}

export function hostServices(parts: HostServicesParts): HostServices {
  const { local, extensions } = parts;
  let ids = 0;
  const nextId = (): string => `s${(ids += 1).toString(36)}`;
  return {
    send: (stanza) => local.router.route(stanza.from === undefined ? stanza.readdressed(stanza.to, local.jid) : stanza),
    request: (to, type, payload, timeout) =>
      sendRequest(local, { id: nextId(), from: local.jid, to, type, payload, timeout }),
    push: (account, sessions, payload) => push(account, sessions, payload, nextId()),
    account: (jid) => local.accounts.get(jid.bare),
    sessionsOf: (jid) => local.accounts.peek(jid.bare)?.sessions ?? [],
    sessions: local.sessions,
    features: extensions.flatMap(({ features }) => features ?? []),
    accountFeatures: extensions.flatMap(({ accountFeatures }) => accountFeatures ?? []),
    offline: offlineMessages(parts),
    together: (job) => parts.storage.together(job),
    accounts: parts.accounts,
    admins: parts.admins,
    software: parts.software,
  };
}

/** The answers come back to the account's bare JID, where nobody expects them, so they are dropped. */
function push(account: Account, sessions: readonly Session[], payload: Element, id: string): void {
  for (const session of sessions) {
    session.send(buildStanza("iq", { to: session.jid, from: account.jid, type: "set", id }, payload));
  }
}

function offlineMessages({ local, storage, clock, offlineQuota }: HostServicesParts): OfflineMessages {
  const { offline } = storage;
  return {
    append: ({ key }, stanza) => offline.append(key, stanza.toXml("jabber:client"), clock.now(), offlineQuota),
    appendToAll: (users, stanza) =>
      offline.appendToAll(local.jid.domain, users, stanza.toXml("jabber:client"), clock.now(), offlineQuota),
    read: ({ key }, after, limit) => offline.read(key, after, limit),
    removeThrough: ({ key }, sequence) => offline.removeThrough(key, sequence),
    count: ({ key }) => offline.count(key),
  };
}
