// What somebody is answered who is not let in (XEP-0045 §7.2.5 to §7.2.10).
import { buildStanza, errorFor, type Stanza, type StanzaError, xml } from "../../src/extension/index.js";
import { MUC } from "../payloads/0045-multi-user-chat.js";
import { marked } from "./marking.js";

/** With the mark of a request to enter, as in the examples: there are clients that look for no other error. */
export function refusalOf(request: Stanza, error: StanzaError): Stanza {
  const { to, from } = request;
  const answer = errorFor(request, error);
  return marked(buildStanza("presence", {}, xml("x", { xmlns: MUC })), answer, answer.body).readdressed(from, to);
}
