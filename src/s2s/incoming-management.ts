// Acknowledgements on a stream of theirs: turned on, or taken up from a stream that was lost (XEP-0198 §3, §5).
import { randomBytes } from "node:crypto";
import { StreamError } from "../stream/stream-error.js";
import { escapeAttribute } from "../xml/escape.js";
import type { Fragment } from "../xml/fragment.js";
import { NAMESPACES } from "../xml/namespaces.js";
import type { Incoming } from "./incoming.js";
import type { Link } from "./link.js";
import { Management, managementNamespace } from "./management.js";

/** Takes what they ask for; from then on it is known whether our stanzas may go on their stream. */
export function takeManagement(incoming: Incoming, fragment: Fragment): void {
  const { link, federation } = incoming;
  const isOffered = link !== undefined && federation.limits.stream_management && link.management === undefined;
  if (isOffered && fragment.name === "enable") enable(incoming, link, fragment);
  else if (isOffered && fragment.name === "resume") resume(incoming, link, fragment);
  else if (fragment.name === "enable" && link?.management !== undefined)
    throw new StreamError("policy-violation", "Acknowledgements are on already."); // §3
  else if (fragment.name === "enable" || fragment.name === "resume") fail(incoming, "unexpected-request");
  else throw new StreamError("unsupported-stanza-type");
}

function enable(incoming: Incoming, link: Link, fragment: Fragment): void {
  const { stream, federation } = incoming;
  const { resume } = fragment.element().attrs as Readonly<Record<string, string | undefined>>;
  const mayResume = resume === "true" || resume === "1";
  const id = randomBytes(18).toString("base64url");
  const max = Math.round(federation.limits.resume_time / 1000);
  const resumption = mayResume ? ` id='${id}' resume='true' max='${max}'` : "";
  stream.write(`<enabled xmlns='${managementNamespace}'${resumption}/>`);
  link.management = new Management(stream, true, true);
  link.management.id = mayResume ? id : undefined;
  federation.managed.add(incoming, link.management);
  incoming.settle();
}

function resume(incoming: Incoming, link: Link, fragment: Fragment): void {
  const { stream, federation } = incoming;
  const { previd = "" } = fragment.element().attrs as Readonly<Record<string, string | undefined>>;
  const management = federation.managed.resume(incoming, previd);
  if (management === undefined) return fail(incoming, "item-not-found");
  link.management = management; // from here on it ends with this stream, be the number right or not
  management.moveTo(stream);
  management.acknowledge(fragment);
  const h = management.handled.count;
  stream.write(`<resumed xmlns='${managementNamespace}' h='${h}' previd='${escapeAttribute(previd)}'/>`);
  for (const stanza of management.sent.unacknowledged) stream.send(stanza);
  incoming.settle();
}

function fail({ stream }: Incoming, condition: string): void {
  const error = `<${condition} xmlns='${NAMESPACES.stanzaErrors}'/>`;
  stream.write(`<failed xmlns='${managementNamespace}'>${error}</failed>`);
}
