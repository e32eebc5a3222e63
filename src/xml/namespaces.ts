// The namespaces of the core protocols.

/** Namespace names of RFC 6120, 6121, 7395 and of the XML specifications. */
export const NAMESPACES = {
  client: "jabber:client",
  server: "jabber:server",
  streams: "http://etherx.jabber.org/streams",
  framing: "urn:ietf:params:xml:ns:xmpp-framing",
  streamErrors: "urn:ietf:params:xml:ns:xmpp-streams",
  stanzaErrors: "urn:ietf:params:xml:ns:xmpp-stanzas",
  tls: "urn:ietf:params:xml:ns:xmpp-tls",
  sasl: "urn:ietf:params:xml:ns:xmpp-sasl",
  bind: "urn:ietf:params:xml:ns:xmpp-bind",
  session: "urn:ietf:params:xml:ns:xmpp-session",
  roster: "jabber:iq:roster",
  rosterVersioning: "urn:xmpp:features:rosterver",
  preApproval: "urn:xmpp:features:pre-approval",
  dialback: "jabber:server:dialback",
  dialbackFeature: "urn:xmpp:features:dialback",
  xml: "http://www.w3.org/XML/1998/namespace",
  xmlns: "http://www.w3.org/2000/xmlns/",
} as const;
