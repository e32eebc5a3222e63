// After a reload: streams with domains that are not wanted any more end, and what was given up is tried again.
import { StreamError } from "../stream/stream-error.js";
import type { Federation } from "./federation.js";
import type { Link } from "./link.js";

export function reconsider(federation: Federation): void {
  for (const stream of federation.outgoing) {
    const { local, remote } = stream.job;
    if (stream.link === undefined && isUnwanted(federation, local, remote)) stream.abandon();
  }
  for (const { link, stream } of [...federation.outgoing, ...federation.incoming]) {
    if (link !== undefined && isLinkUnwanted(federation, link))
      stream.fail(new StreamError("policy-violation", "The domain is not wanted here any more."));
  }
  for (const domain of federation.domains.values()) {
    domain.forgive();
    for (const pair of domain.pairs.values()) pair.reconsider();
  }
}

function isUnwanted(federation: Federation, local: string, remote: string): boolean {
  return federation.policy(local, remote).refusal !== undefined;
}

/** A stream for several pairs ends when one of them is unwanted: the others come back on the next. */
function isLinkUnwanted(federation: Federation, { local, remote, pairs }: Link): boolean {
  if (isUnwanted(federation, local, remote)) return true;
  return [...pairs].some((pair) => {
    const [sender = "", target = ""] = pair.split(" ");
    return isUnwanted(federation, target, sender);
  });
}
