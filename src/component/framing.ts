// The streams of components (XEP-0114 §3): those of XMPP before it had versions and features.
import { escapeAttribute } from "../xml/escape.js";
import { type Framing, streamsNamespace, xmlStream } from "../stream/framing.js";

export const componentNamespace = "jabber:component:accept";

export const componentFraming: Framing = {
  ...xmlStream(componentNamespace),
  // Without version: one that reads 1.0 waits for stream features (RFC 6120 §4.7.5), which never come.
  header: ({ id, from }) =>
    `<?xml version='1.0'?><stream:stream xmlns='${componentNamespace}' xmlns:stream='${streamsNamespace}'` +
    `${id === undefined ? "" : ` id='${escapeAttribute(id)}'`}` +
    `${from === undefined ? "" : ` from='${escapeAttribute(from)}'`}>`,
};
