// XEP-0202: Entity Time <https://xmpp.org/extensions/xep-0202.html>
import { extension, xml } from "../src/extension/index.js";
import { dateTime } from "./payloads/0082-date-time.js";

const NS = "urn:xmpp:time";

export const entityTime = extension({
  xep: "0202",
  name: "entity-time",
  version: "2.0",
  sentence: "Tells the time.",
  features: [NS],
  start(host) {
    // §6: an offset would tell where the server stands, so it lives in UTC
    host.iq.get(NS, "time", "host", () =>
      xml("time", { xmlns: NS }, xml("tzo", {}, "+00:00"), xml("utc", {}, dateTime(host.clock.now()))),
    );
  },
});
