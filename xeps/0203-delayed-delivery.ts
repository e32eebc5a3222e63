// XEP-0203: Delayed Delivery <https://xmpp.org/extensions/xep-0203.html>
import { attributeOf, type Element, extension, type Stanza, withoutChildren } from "../src/extension/index.js";
import { NS } from "./payloads/0203-delayed-delivery.js";

export const delayedDelivery = extension({
  xep: "0203",
  name: "delayed-delivery",
  version: "2.0",
  sentence: "Takes out notes of a delay that pretend to be this server's.",
  start(host) {
    const self = host.jid.toString();
    const isForged = (child: Element): boolean => child.is("delay", NS) && attributeOf(child, "from") === self;
    // §5: our own notes come behind the stages
    const strip = (stanza: Stanza): Stanza => withoutChildren(stanza, isForged);
    host.stamp("incoming", ["message", "presence"], strip, { onlyWith: { namespace: NS, name: "delay" } });
  },
});
