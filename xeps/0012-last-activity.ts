// XEP-0012: Last Activity <https://xmpp.org/extensions/xep-0012.html>
import {
  type AccountIqRequest,
  type Element,
  extension,
  json,
  perUser,
  StanzaError,
  xml,
} from "../src/extension/index.js";

const NS = "jabber:iq:last";
/** A longer farewell is cut to this many characters. */
const longestStatus = 1023;
/** Farewells are written together, this many milliseconds apart: nobody was promised that they are on disk. */
const writeInterval = 5000;

interface Farewell {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** What the last unavailable presence said; "" for nothing. */
  readonly status: string;
}

export const lastActivity = extension({
  xep: "0012",
  name: "last-activity",
  version: "2.0",
  sentence: "Tells contacts when a user was last here, and anybody how long the server has been running.",
  features: [NS],
  accountFeatures: [NS],
  stores: { farewell: perUser(json(isFarewell)) },
  start(host) {
    const startedAt = host.clock.now();
    const lastStatus = host.perSession("lastStatus", "");
    /** Not written yet, by user. */
    let unwritten = new Map<string, Farewell>();

    host.on("session-unavailable", (session, presence) => {
      const status = presence.element().getChildText("status") ?? "";
      lastStatus.set(session, status.slice(0, longestStatus));
    });
    host.on("session-closed", (session) => {
      const { account } = session;
      if (account.sessions.length > 0 || !account.isStored) return;
      unwritten.set(account.key.user, { at: host.clock.now(), status: lastStatus.get(session) });
    });
    host.on("account-deleted", ({ local }) => void unwritten.delete(local));

    const write = async (): Promise<void> => {
      const farewells = unwritten;
      unwritten = new Map();
      await Promise.all([...farewells].map(([user, farewell]) => host.stores.farewell.set(user, farewell)));
    };
    host.every(writeInterval, write);
    host.onStop(write);

    const secondsSince = (time: number): number => Math.max(0, Math.floor((host.clock.now() - time) / 1000));
    const answer = (seconds: number, status?: string): Element => xml("query", { xmlns: NS, seconds }, status);

    // §5: the host's uptime
    host.iq.get(NS, "query", "host", () => answer(secondsSince(startedAt)));

    // §3: whoever may not see the presence is forbidden to ask, whether there is an account or not
    host.iq.get(NS, "query", "account", async ({ isAuthorized, account }: AccountIqRequest) => {
      if (!isAuthorized) throw new StanzaError("forbidden");
      if (account.sessions.length > 0) return answer(0);
      const farewell = unwritten.get(account.key.user) ?? (await host.stores.farewell.get(account.key.user));
      if (farewell === undefined) throw new StanzaError("item-not-found", { text: "Never seen here." });
      return answer(secondsSince(farewell.at), farewell.status);
    });
  },
});

function isFarewell(value: unknown): value is Farewell {
  return (
    typeof value === "object" &&
    value !== null &&
    "at" in value &&
    typeof value.at === "number" &&
    "status" in value &&
    typeof value.status === "string"
  );
}
