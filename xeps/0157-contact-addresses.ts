// XEP-0157: Contact Addresses for XMPP Services <https://xmpp.org/extensions/xep-0157.html>
import { extension, kind, option } from "../src/extension/index.js";
import { serviceDiscovery } from "./0030-service-discovery.js";
import { resultForm } from "./payloads/0004-data-forms.js";

const FORM_TYPE = "http://jabber.org/network/serverinfo";

const address = kind.string({
  pattern: /^(?:mailto:|xmpp:|https?:\/\/)[\w.~:/?#[\]@!$&'()*+,;=%-]+$/, // the characters of RFC 3986 §2
  means: 'a URI such as "mailto:abuse@example.org", "xmpp:admin@example.org" or "https://example.org/support"',
});

const addresses = (what: string) => option.list(address, [], `Where to turn ${what}.`);

export const contactAddresses = extension({
  xep: "0157",
  name: "contact-addresses",
  version: "1.1.1",
  sentence: "Tells everybody how to reach the people who run this server.",
  requires: [serviceDiscovery],
  options: {
    abuse: addresses("about abusive traffic"),
    admin: addresses("to reach the administrators"),
    feedback: addresses("with praise and complaints"),
    sales: addresses("about sales and marketing"),
    security: addresses("about security concerns"),
    status: addresses("to see how the service is doing"),
    support: addresses("for help"),
  },
  start(host) {
    const fields = Object.entries(host.options)
      .filter(([, values]) => values.length > 0)
      .map(([role, values]) => ({ var: `${role}-addresses`, type: "list-multi" as const, values }));
    if (fields.length > 0) host.use(serviceDiscovery).host.add({ forms: [resultForm(FORM_TYPE, fields)] });
  },
});
