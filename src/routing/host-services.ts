// What core does for the extensions of a host at any time (see extension/services.ts).
import type { Clock } from "../extension/clock.js";
import type { Extension } from "../extension/declaration.js";
import type { AccountOperations, HostServices, OfflineMessages } from "../extension/services.js";
import type { Account, Session } from "../extension/session.js";
import type { Jid } from "../jid/jid.js";
import { buildStanza } from "../stanza/build.js";
import { StanzaError } from "../stanza/stanza-error.js";
import type { Stanza } from "../stanza/stanza.js";
import type { OfflineQuota, Storage } from "../storage/storage.js";
import type { Element } from "../xml/element.js";
import type { LocalHost } from "./local-host.js";
import { errorOf } from "./pending-requests.js";

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

/** Requests of the server that may wait for their answers at one time; more fail at once. */
const mostRequests = 100_000;
/** Milliseconds to wait for an answer, unless said otherwise. */
const usualTimeout = 60_000;

export function hostServices(parts: HostServicesParts): HostServices {
  const { local, clock, extensions } = parts;
  let ids = 0;
  const nextId = (): string => `s${(ids += 1).toString(36)}`;
  return {
    send: (stanza) => local.router.route(stanza.from === undefined ? stanza.readdressed(stanza.to, local.jid) : stanza),
    request: (to, type, payload, timeout = usualTimeout) =>
      request(local, clock, { to, type, payload, timeout, id: nextId() }),
    push: (account, sessions, payload) => push(account, sessions, payload, nextId()),
    account: (jid) => local.accounts.get(jid.bare),
    sessionsOf: (jid) => local.accounts.peek(jid.bare)?.sessions ?? [],
    sessions: local.sessions,
    features: extensions.flatMap(({ features }) => features ?? []),
    accountFeatures: extensions.flatMap(({ accountFeatures }) => accountFeatures ?? []),
    offline: offlineMessages(parts),
    accounts: parts.accounts,
    admins: parts.admins,
    software: parts.software,
  };
}

interface Request {
  readonly to: Jid;
  readonly type: "get" | "set";
  readonly payload: Element;
  readonly timeout: number;
  readonly id: string;
}

function request(
  local: LocalHost,
  clock: Clock,
  { to, type, payload, timeout, id }: Request,
): Promise<Element | undefined> {
  if (local.requests.size >= mostRequests) return Promise.reject(new StanzaError("resource-constraint"));
  return new Promise((resolve, reject) => {
    const cancel = clock.after(timeout, () => {
      local.requests.forget(id);
      reject(new StanzaError("remote-server-timeout"));
    });
    local.requests.expect(id, to, (answer: Stanza) => {
      cancel();
      if (answer.type === "error") reject(errorOf(answer));
      else resolve(answer.element().getChildElements()[0]);
    });
    local.router.route(buildStanza("iq", { to, from: local.jid, type, id }, payload));
  });
}

/** The answers come back to the account's bare JID, where nobody expects them, so they are dropped. */
function push(account: Account, sessions: readonly Session[], payload: Element, id: string): void {
  for (const session of sessions) {
    session.send(buildStanza("iq", { to: session.jid, from: account.jid, type: "set", id }, payload));
  }
}

function offlineMessages({ storage, clock, offlineQuota }: HostServicesParts): OfflineMessages {
  const { offline } = storage;
  return {
    append: ({ key }, stanza) => offline.append(key, stanza.toXml("jabber:client"), clock.now(), offlineQuota),
    read: ({ key }, after, limit) => offline.read(key, after, limit),
    removeThrough: ({ key }, sequence) => offline.removeThrough(key, sequence),
    count: ({ key }) => offline.count(key),
  };
}
