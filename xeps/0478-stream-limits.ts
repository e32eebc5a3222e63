// XEP-0478: Stream Limits Advertisement <https://xmpp.org/extensions/xep-0478.html>
import { type Element, extension, type FeatureContext, xml } from "../src/extension/index.js";

const NS = "urn:xmpp:stream-limits:0";

export const streamLimits = extension({
  xep: "0478",
  name: "stream-limits",
  version: "0.2.0",
  sentence: "Tells clients how long a stanza may be and how long they may be silent.",
  start(host) {
    const limits = ({ stanzaBytes, idleTimeout }: FeatureContext): Element =>
      xml(
        "limits",
        { xmlns: NS },
        xml("max-bytes", {}, stanzaBytes),
        xml("idle-seconds", {}, Math.floor(idleTimeout / 1000)),
      );
    // §5: the limits change at login
    host.streamFeature("before-login", limits);
    host.streamFeature("after-login", limits);
  },
});
