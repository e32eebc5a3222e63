// Presence (RFC 6121 §4): broadcast to those who may see it, directed presence, and what comes in.
import type { Jid } from "../jid/jid.js";
import type { LocalAccount } from "../routing/local-account.js";
import type { LocalHost } from "../routing/local-host.js";
import type { LocalSession } from "../routing/local-session.js";
import { buildStanza } from "../stanza/build.js";
import { StanzaError } from "../stanza/stanza-error.js";
import type { Stanza } from "../stanza/stanza.js";
import { forgetDirected, rememberDirected } from "./directed.js";
import { priorityOf } from "./priority.js";
import { answerProbe, probeContacts } from "./probes.js";

/** A longer farewell (characters) is not remembered for who asks later. */
const longestFarewell = 10_000;

export class Presences {
  constructor(private readonly host: LocalHost) {}

  /** Presence without `to`, from a session (§4.2.2, §4.4.2, §4.5.2). */
  broadcast(presence: Stanza, session: LocalSession): void {
    const { type } = presence;
    if (type === undefined) this.#becomeAvailable(presence, session);
    else if (type === "unavailable") this.#becomeUnavailable(presence, session);
    // §4.3: no reason for an error
    else if (type === "probe") answerProbe(this.host, presence.readdressed(session.account.jid), session.account);
    else this.#refuse(presence, session, new StanzaError("bad-request", { text: "To whom?" }));
  }

  /** The stream of a session ended without its saying so (§4.5.2): say it for it. */
  sessionEnded(session: LocalSession): void {
    if (session.presence === undefined && session.directed === undefined) return;
    this.#becomeUnavailable(buildStanza("presence", { from: session.jid, type: "unavailable" }), session);
  }

  /** Presence to somebody in particular (§4.6.3). */
  direct(presence: Stanza, session: LocalSession): void {
    const to = presence.to as Jid;
    if (presence.type === "unavailable") session.directed?.delete(to);
    const seesBroadcast = session.presence !== undefined && isImplied(to.bare, session.account);
    if (presence.type === undefined && !seesBroadcast && !rememberDirected(session, to)) {
      return this.host.router.bounce(presence, new StanzaError("resource-constraint"));
    }
    this.host.router.route(presence);
  }

  /** Presence for an account from somebody else, of other types than probes and those of subscriptions. */
  receive(presence: Stanza, account: LocalAccount): void {
    const { to, from, type } = presence;
    for (const session of account.sessions) {
      if (to?.isBare === false && session.jid !== to) continue;
      // §4.6.1: who has gone need not be told of our end
      if (type === "unavailable" && from !== undefined) session.directed?.delete(from);
      if (to?.isBare === false || isConcerned(session, type)) session.deliver(presence);
    }
  }

  /** Tells a new subscriber of all available resources (§3.1.5), each with its own presence. */
  tellAll(account: LocalAccount, contact: Jid): void {
    for (const { presence } of account.sessions) if (presence) this.host.router.route(presence.readdressed(contact));
  }

  /** Tells who is about to lose sight of us that all resources are gone (§3.2.2, §3.3.3), shown directly or not (§4.6.1). */
  hideAll(account: LocalAccount, contact: Jid): void {
    for (const session of account.sessions) {
      if (session.presence === undefined) continue;
      forgetDirected(session, contact);
      this.host.router.route(buildStanza("presence", { from: session.jid, to: contact, type: "unavailable" }));
    }
  }

  #becomeAvailable(presence: Stanza, session: LocalSession): void {
    const priority = priorityOf(presence);
    if (priority === undefined) {
      return this.#refuse(presence, session, new StanzaError("bad-request", { text: "Priority is −128 … 127." }));
    }
    const isInitial = session.presence === undefined;
    const couldReceive = !isInitial && session.priority >= 0;
    const kept = presence.compact();
    session.presence = kept;
    session.priority = priority;
    this.#sendToSubscribers(presence, session);
    // Whom we told may have ended us; see #sendToSubscribers.
    if (session.presence !== kept) return;
    if (isInitial) this.#introduce(session);
    if (priority >= 0 && !couldReceive) this.#startReceiving(session);
    else if (priority < 0 && couldReceive) session.giveBackHeld();
  }

  /** §4.2.2: what the newcomer must know: own other resources, contacts, and what waits for the user's answer (§3.1.3). */
  #introduce(session: LocalSession): void {
    const { account } = session;
    for (const other of account.sessions) {
      if (other !== session && other.presence !== undefined) session.send(other.presence.readdressed(account.jid));
    }
    probeContacts(this.host, session);
    this.host.subscriptions.remind(session);
    this.host.subscriptions.askAgain(account);
  }

  #startReceiving(session: LocalSession): void {
    const done = this.host.emitAndWait("session-available", session);
    if (done !== undefined) session.holdUntil(done);
  }

  #becomeUnavailable(presence: Stanza, session: LocalSession): void {
    const { account, directed } = session;
    const wasAvailable = session.presence !== undefined;
    session.directed = undefined;
    session.presence = undefined;
    session.priority = 0;
    session.giveBackHeld();
    if (wasAvailable) {
      const isShort = presence.body.content.length <= longestFarewell;
      account.farewell = { presence: isShort ? presence.compact() : undefined, at: this.host.clock.now() };
      this.#sendToSubscribers(presence, session);
      this.host.emit("session-unavailable", session, presence);
    }
    // §4.6.3: those who were told directly are told of the end as well, unless they have just been
    for (const contact of directed ?? []) {
      if (!wasAvailable || !isImplied(contact, account)) this.host.router.route(presence.readdressed(contact));
    }
  }

  /**
   * All own resources get it too, at last its origin (§4.2.2). Any of these may overflow and end, and so may, in the end,
   * the session itself: then the farewell has gone out already, and this must not come after it.
   */
  #sendToSubscribers(presence: Stanza, session: LocalSession): void {
    const { account, presence: current } = session;
    for (const contact of account.roster.subscribers) {
      if (session.presence !== current) return;
      this.host.router.route(presence.readdressed(contact));
    }
    const own = presence.readdressed(account.jid);
    for (const other of account.sessions) {
      if (session.presence !== current) return;
      if (other !== session && other.presence !== undefined) other.send(own);
    }
    if (account.sessions.includes(session)) session.send(own);
  }

  #refuse(presence: Stanza, { account }: LocalSession, error: StanzaError): void {
    this.host.router.bounce(presence.readdressed(account.jid), error);
  }
}

/** Whether the broadcast reaches this bare JID. */
function isImplied(jid: Jid, account: LocalAccount): boolean {
  return jid === account.jid || account.roster.isSubscriber(jid);
}

/** Whether what is sent to the bare JID is for this session. Who is not available may have sent a request that failed. */
function isConcerned(session: LocalSession, type: string | undefined): boolean {
  return session.presence !== undefined || (type === "error" && session.isInterested);
}
