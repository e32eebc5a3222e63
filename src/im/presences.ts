// Presence (RFC 6121 §4): broadcast to those who may see it, probes, directed presence, and what comes in.
import type { Jid } from "../jid/jid.js";
import type { LocalAccount } from "../routing/local-account.js";
import type { LocalHost } from "../routing/local-host.js";
import type { LocalSession } from "../routing/local-session.js";
import { buildStanza } from "../stanza/build.js";
import { StanzaError } from "../stanza/stanza-error.js";
import type { Stanza } from "../stanza/stanza.js";
import { priorityOf } from "./priority.js";

/** Entities outside the roster that a session may have sent directed presence to. */
const mostDirected = 1000;

export class Presences {
  constructor(private readonly host: LocalHost) {}

  /** Presence without `to`, from a session (§4.2.2, §4.4.2, §4.5.2). */
  broadcast(presence: Stanza, session: LocalSession): void {
    if (presence.type === undefined) this.#becomeAvailable(presence, session);
    else if (presence.type === "unavailable") this.#becomeUnavailable(presence, session);
    else if (presence.type !== "error") this.host.router.bounce(presence, new StanzaError("bad-request"));
  }

  /** The stream of a session ended without its saying so (§4.5.2): say it for it. */
  sessionEnded(session: LocalSession): void {
    if (session.presence === undefined && session.directed === undefined) return;
    this.#becomeUnavailable(buildStanza("presence", { from: session.jid, type: "unavailable" }), session);
  }

  /** Presence to somebody in particular (§4.6). */
  direct(presence: Stanza, session: LocalSession): void {
    const to = presence.to as Jid;
    const { roster } = session.account;
    if (presence.type === undefined && (session.presence === undefined || !roster.isSubscriber(to.bare))) {
      session.directed ??= new Set();
      if (session.directed.size >= mostDirected && !session.directed.has(to)) {
        return this.host.router.bounce(presence, new StanzaError("resource-constraint"));
      }
      session.directed.add(to);
    } else if (presence.type === "unavailable") {
      session.directed?.delete(to);
    }
    this.host.router.route(presence);
  }

  /** Presence for an account from somebody else; subscription types go to Subscriptions. */
  receive(presence: Stanza, account: LocalAccount): void {
    if (presence.type === "probe") return this.#answerProbe(presence, account);
    if (presence.to?.isBare === false) account.session(presence.to)?.send(presence);
    else for (const session of account.sessions) if (session.presence !== undefined) session.send(presence);
  }

  /** Tells a new subscriber of all available resources (§3.1.5), each with its own presence. */
  tellAll(account: LocalAccount, contact: Jid): void {
    for (const { presence } of account.sessions) if (presence) this.host.router.route(presence.readdressed(contact));
  }

  /** Tells somebody who may see us no longer that all resources are gone (§3.2.2, §3.3.3). */
  hideAll(account: LocalAccount, contact: Jid): void {
    for (const session of account.sessions) {
      if (session.presence === undefined || session.directed?.has(contact)) continue;
      this.host.router.route(buildStanza("presence", { from: session.jid, to: contact, type: "unavailable" }));
    }
  }

  #becomeAvailable(presence: Stanza, session: LocalSession): void {
    const priority = priorityOf(presence);
    if (priority === undefined) {
      return this.host.router.bounce(presence, new StanzaError("bad-request", { text: "Priority is −128 … 127." }));
    }
    const isInitial = session.presence === undefined;
    const couldReceive = !isInitial && session.priority >= 0;
    session.presence = presence.compact();
    session.priority = priority;
    this.#sendToSubscribers(presence, session);
    if (isInitial) this.#introduce(session);
    if (priority >= 0 && !couldReceive) this.#startReceiving(session);
    else if (priority < 0 && couldReceive) session.giveBackHeld();
  }

  /** §4.2.2: asks the contacts for theirs, and says what waits for the user's answer (§3.1.3). */
  #introduce(session: LocalSession): void {
    const { account } = session;
    for (const other of account.sessions) {
      if (other !== session && other.presence !== undefined) session.send(other.presence.readdressed(account.jid));
    }
    for (const contact of account.roster.subscriptions) {
      this.host.router.route(buildStanza("presence", { from: session.jid, to: contact, type: "probe" }));
    }
    this.host.subscriptions.remind(session);
  }

  #startReceiving(session: LocalSession): void {
    const done = this.host.emitAndWait("session-available", session);
    if (done !== undefined) session.holdUntil(done);
  }

  #becomeUnavailable(presence: Stanza, session: LocalSession): void {
    const wasAvailable = session.presence !== undefined;
    const { directed } = session;
    session.directed = undefined;
    session.presence = undefined;
    session.priority = 0;
    session.giveBackHeld();
    if (wasAvailable) {
      session.account.lastUnavailable = presence.compact();
      this.#sendToSubscribers(presence, session);
      this.host.emit("session-unavailable", session, presence);
    }
    // §4.6.3 and §4.5.2: those who were told directly are told of the end as well
    for (const contact of directed ?? []) this.host.router.route(presence.readdressed(contact));
  }

  /** An entity is implicitly subscribed to its own presence: all own resources get it, its origin included (§4.2.2). */
  #sendToSubscribers(presence: Stanza, session: LocalSession): void {
    const { account } = session;
    for (const contact of account.roster.subscribers) this.host.router.route(presence.readdressed(contact));
    const own = presence.readdressed(account.jid);
    for (const other of account.sessions) {
      if (other.presence !== undefined || other === session) other.send(own);
    }
  }

  /** §4.3.2. */
  #answerProbe(probe: Stanza, account: LocalAccount): void {
    const asker = probe.from as Jid;
    const isOwn = asker.bare === account.jid;
    if (!isOwn && !account.roster.isSubscriber(asker.bare)) return this.#refuseProbe(asker, account);
    const available = account.sessions.filter((session) => session.presence !== undefined);
    for (const { presence } of available) if (presence) this.host.router.route(presence.readdressed(asker));
    if (available.length === 0) this.host.router.route(this.#absence(account).readdressed(asker));
  }

  #absence(account: LocalAccount): Stanza {
    return account.lastUnavailable ?? buildStanza("presence", { from: account.jid, type: "unavailable" });
  }

  /** Not a subscriber: told so, unless a request of theirs still waits for its answer. */
  #refuseProbe(asker: Jid, account: LocalAccount): void {
    if (account.roster.requests.has(asker.bare)) return;
    this.host.router.route(buildStanza("presence", { from: account.jid, to: asker.bare, type: "unsubscribed" }));
  }
}
