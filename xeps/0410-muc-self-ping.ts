// XEP-0410: MUC Self-Ping (Schrödinger's Chat) <https://xmpp.org/extensions/xep-0410.html>
import { extension } from "../src/extension/index.js";
import { rooms } from "./0045-multi-user-chat/index.js";

export const mucSelfPing = extension({
  xep: "0410",
  name: "muc-self-ping",
  version: "1.1.0",
  sentence: "Answers occupants of rooms who ask whether they are still in.",
  requires: [rooms],
  start(host) {
    const { hooks } = host.use(rooms);
    hooks.roomFeatures.push(() => ["http://jabber.org/protocol/muc#self-ping-optimization"]);
    // §3.3. Who is not in the room is answered <not-acceptable/>, as for every IQ to an occupant.
    hooks.ownIqs.set("get urn:xmpp:ping ping", () => undefined);
  },
});
