// Whose stream it is that another server opens to us: what its header says, and whether we want it (RFC 6120 §4.7).
import { checkHeader } from "../stream/check-header.js";
import { StreamError } from "../stream/stream-error.js";
import { NAMESPACES } from "../xml/namespaces.js";
import type { StreamOpening } from "../xml/opening.js";
import { domainOf } from "./elements.js";
import type { Federation } from "./federation.js";
import type { FederationFailure } from "./reason.js";

/** Our domain, and theirs: who opens a stream only to verify a key may leave that out. Both are prepared. */
export interface HeaderDomains {
  readonly local: string;
  readonly remote: string | undefined;
}

/** Throws the stream error for a header that can't be answered by one of ours. */
export function domainsOf(opening: StreamOpening, federation: Federation): HeaderDomains {
  checkHeader(opening, NAMESPACES.server);
  const local = targetOf(opening.to, federation);
  const remote = domainOf(opening.from);
  if (opening.from !== undefined && remote === undefined)
    throw new StreamError("invalid-from", "The 'from' is no domain.");
  return { local, remote };
}

/** Why we don't exchange stanzas with who says to be `remote`; throws when it can't be true. */
export function refusalOf(federation: Federation, local: string, remote: string): FederationFailure | undefined {
  if (federation.serves(remote)) throw new StreamError("invalid-from", `${remote} is served here.`);
  return federation.policy(local, remote).refusal;
}

function targetOf(to: string | undefined, federation: Federation): string {
  if (to === undefined) throw new StreamError("improper-addressing", "The stream header needs a 'to'.");
  const domain = domainOf(to);
  if (domain !== undefined && federation.serves(domain)) return domain;
  throw new StreamError("host-unknown", "This domain is not served here.");
}
