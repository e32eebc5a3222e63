// XEP-0199: XMPP Ping <https://xmpp.org/extensions/xep-0199.html>
import { buildStanza, extension, StanzaError, xml } from "../src/extension/index.js";

const NS = "urn:xmpp:ping";

export const ping = extension({
  xep: "0199",
  name: "ping",
  version: "2.0.1",
  sentence: "Answers pings, and pings clients that have long been silent.",
  features: [NS],
  accountFeatures: [NS],
  start(host) {
    host.iq.get(NS, "ping", "host", () => undefined);
    host.iq.get(NS, "ping", "account", ({ isAuthorized }) => {
      if (!isAuthorized) throw new StanzaError("service-unavailable"); // as for an address that nobody has
    });

    // §4.1: any answer is a sign of life, an error too, so nobody waits for it
    let pings = 0;
    host.on("session-silent", (session) => {
      const head = { from: host.jid, to: session.jid, type: "get", id: `ping-${(pings += 1)}` };
      session.send(buildStanza("iq", head, xml("ping", { xmlns: NS })), "forget");
    });
  },
});
