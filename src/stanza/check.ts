// The rules that every stanza meets before it is handled (RFC 6120 §8, RFC 6121 §4.7.1, §5.2.2).
import type { Stanza } from "./stanza.js";
import { StanzaError } from "./stanza-error.js";

const iqTypes = new Set(["get", "set", "result", "error"]);
const presenceTypes = new Set([
  undefined,
  "unavailable",
  "subscribe",
  "subscribed",
  "unsubscribe",
  "unsubscribed",
  "probe",
  "error",
]);

/** Throws the StanzaError that the stanza's form deserves; returns for a well-formed one. */
export function checkStanza(stanza: Stanza): void {
  if (stanza.kind === "iq") checkIq(stanza);
  else if (stanza.kind === "presence" && !presenceTypes.has(stanza.type)) {
    throw new StanzaError("bad-request", { text: `Presence has no type '${stanza.type ?? ""}'.` });
  }
}

/** RFC 6120 §8.2.3: an id, a known type, exactly one child in a request and at most one in a result. */
function checkIq(stanza: Stanza): void {
  const { type, id, children } = stanza;
  if (id === undefined) throw new StanzaError("bad-request", { text: "An IQ needs an id." });
  if (type === undefined || !iqTypes.has(type)) {
    throw new StanzaError("bad-request", { text: "An IQ is of type get, set, result or error." });
  }
  if ((type === "get" || type === "set") && children.length !== 1) {
    throw new StanzaError("bad-request", { text: "An IQ request has exactly one child element." });
  }
  if (type === "result" && children.length > 1) {
    throw new StanzaError("bad-request", { text: "An IQ result has at most one child element." });
  }
}

/** True for an IQ request, which is to be answered once. */
export function isRequest(stanza: Stanza): boolean {
  return stanza.kind === "iq" && (stanza.type === "get" || stanza.type === "set");
}
