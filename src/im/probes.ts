// Presence probes (RFC 6121 §4.3): asking for the contacts' presence, and answering those who may ask.
import type { Jid } from "../jid/jid.js";
import type { LocalAccount } from "../routing/local-account.js";
import type { LocalHost } from "../routing/local-host.js";
import type { LocalSession } from "../routing/local-session.js";
import { buildStanza, withAppended } from "../stanza/build.js";
import type { Stanza } from "../stanza/stanza.js";
import { xml } from "../xml/element.js";
import { isShownTo } from "./directed.js";

/**
 * Asks for the presence of all contacts that the session's user may see. §4.3.1 wants the bare JID as the sender, whose
 * answers go to all resources; within this server only the newcomer asks, for the others know already.
 */
export function probeContacts({ router }: LocalHost, { jid, account }: LocalSession): void {
  for (const contact of account.roster.subscriptions) {
    const from = router.hosts.has(contact.domain) ? jid : account.jid;
    router.route(buildStanza("presence", { from, to: contact, type: "probe" }));
  }
}

/** §4.3.2: tells subscribers what the account shows, and §4.6.6: others what a session has shown them itself. */
export function answerProbe(host: LocalHost, probe: Stanza, account: LocalAccount): void {
  const [asker, target] = [probe.from as Jid, probe.to as Jid];
  if (asker.bare === account.jid || account.roster.isSubscriber(asker.bare)) {
    return target.isBare ? tellPresence(host, probe, account) : tellOfResource(host, probe, account.session(target));
  }
  const session = target.isBare ? undefined : account.session(target);
  if (session !== undefined && isShownTo(session, asker)) host.router.route(mere(session.jid, asker));
  // Who waits for the user's answer is not to take this one for it.
  else if (!account.roster.requests.has(asker.bare)) refuseProbe(host, probe);
}

/** The same answer for strangers and for those who ask for nobody: neither is to learn whether there is an account. */
export function refuseProbe({ router }: LocalHost, { from, to, id }: Stanza): void {
  router.route(buildStanza("presence", { from: to?.bare, to: from?.bare, type: "unsubscribed", id }));
}

/** The presence of each available resource, whole; or that there is none. */
function tellPresence({ router }: LocalHost, probe: Stanza, account: LocalAccount): void {
  const asker = probe.from;
  const available = account.sessions.flatMap(({ presence }) => presence ?? []);
  for (const presence of available) router.route(presence.readdressed(asker));
  if (available.length === 0) router.route(absence(probe, account));
}

/** To a full JID: of no other resource, and not in detail. */
function tellOfResource({ router }: LocalHost, probe: Stanza, session: LocalSession | undefined): void {
  const [asker, target] = [probe.from as Jid, probe.to as Jid];
  if (session?.presence !== undefined) router.route(mere(target, asker));
  else router.route(buildStanza("presence", { from: target, to: asker, type: "unavailable", id: probe.id }));
}

/** From the bare JID, with the words and the time of the latest farewell as far as we know it. */
function absence({ from: asker, id }: Stanza, { jid, farewell }: LocalAccount): Stanza {
  const words = farewell?.presence?.readdressed(asker, jid);
  const absent = words ?? buildStanza("presence", { from: jid, to: asker, type: "unavailable", id });
  if (farewell === undefined) return absent;
  const stamp = new Date(farewell.at).toISOString().replace(/\.\d+Z$/, "Z");
  return withAppended(absent, xml("delay", { xmlns: "urn:xmpp:delay", stamp }));
}

function mere(from: Jid, to: Jid): Stanza {
  return buildStanza("presence", { from, to });
}
