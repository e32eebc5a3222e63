// How a stream is opened, filled and closed on the wire: XML stream over TCP (RFC 6120) or frames (RFC 7395).
import { escapeAttribute } from "../xml/escape.js";

export const streamsNamespace = "http://etherx.jabber.org/streams";
export const framingNamespace = "urn:ietf:params:xml:ns:xmpp-framing";

/** What our headers say of what is sent without a language of its own (RFC 6120 §4.7.4). */
export const ourLanguage = "en";

/** What we say in our header. `to` only when the peer said who it is (RFC 6120 §4.7.2). */
export interface HeaderFacts {
  /** Undefined for the one who opens the connection: the other side gives the stream its id (RFC 6120 §4.7.3). */
  readonly id: string | undefined;
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** False in the answer to a header that says no version (RFC 6120 §4.7.5), such as a component's. */
  readonly hasVersion: boolean;
}

export interface Framing {
  readonly isFramed: boolean;
  /** What the header declares for everything in the stream (RFC 6120 §4.8.2). */
  readonly contentNamespace: string;
  /** What stanzas must say of their namespace; undefined when the stream header has said it. */
  readonly stanzaNamespace: string | undefined;
  header(facts: HeaderFacts): string;
  features(content: string): string;
  readonly footer: string;
}

/** `declarations`: further namespaces that the header declares, each after a space. */
export function xmlStream(contentNamespace: string, declarations = ""): Framing {
  return {
    isFramed: false,
    contentNamespace,
    stanzaNamespace: undefined,
    header: (facts) =>
      `<?xml version='1.0'?><stream:stream xmlns='${contentNamespace}' xmlns:stream='${streamsNamespace}'` +
      `${declarations}${headerAttributes(facts)}>`,
    features: (content) => `<stream:features>${content}</stream:features>`,
    footer: "</stream:stream>",
  };
}

export const webSocketFraming: Framing = {
  isFramed: true,
  contentNamespace: "jabber:client",
  stanzaNamespace: "jabber:client",
  header: (facts) => `<open xmlns='${framingNamespace}'${headerAttributes(facts)}/>`,
  // RFC 7395 §3.3.3: each frame is a document of its own, so it declares the prefix itself
  features: (content) => `<stream:features xmlns:stream='${streamsNamespace}'>${content}</stream:features>`,
  footer: `<close xmlns='${framingNamespace}'/>`,
};

function headerAttributes({ id, from, to, hasVersion }: HeaderFacts): string {
  return (
    (id === undefined ? "" : ` id='${escapeAttribute(id)}'`) +
    (from === undefined ? "" : ` from='${escapeAttribute(from)}'`) +
    (to === undefined ? "" : ` to='${escapeAttribute(to)}'`) +
    `${hasVersion ? " version='1.0'" : ""} xml:lang='${ourLanguage}'`
  );
}
