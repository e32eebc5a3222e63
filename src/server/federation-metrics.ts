// What Prometheus is told of federation: in all, and for each domain that there is something to tell of.
import type { Metrics, SeriesReader } from "../observability/metrics.js";
import type { Federation } from "../s2s/federation.js";
import type { RemoteDomain } from "../s2s/remote-domain.js";
import { summaryOf, trafficWith } from "../s2s/summary.js";

/** Domains that have series of their own; strangers choose how many there are. */
const mostDomains = 1000;

export function addFederationMetrics(federation: Federation, metrics: Metrics): void {
  const streams = (direction: "in" | "out"): number =>
    summaryOf(federation).streams.filter((each) => each.state === "open" && each.direction === direction).length;
  for (const direction of ["in", "out"] as const)
    metrics.gaugeOf("server_streams", "Streams with other servers.", () => streams(direction), { direction });
  metrics.gaugeOf("server_queues_bytes", "What waits for streams to other servers.", () => federation.pool.bytes);
  metrics.gaugeOf("server_domains", "Domains of other servers that are known.", () => federation.domains.size);
  const each = (name: string, help: string, read: (domain: RemoteDomain) => number): void =>
    metrics.gaugesOf(name, help, ["domain"], series(federation, read));
  each("server_domain_received", "Stanzas from a domain.", (domain) => trafficWith(federation, domain).received.total);
  each("server_domain_sent", "Stanzas to a domain.", (domain) => trafficWith(federation, domain).sent.total);
  each("server_domain_queued", "Stanzas that wait for a stream to a domain.", queued);
  each("server_domain_bounced", "Stanzas to a domain that were returned to their senders.", ({ bounced }) => bounced);
  each("server_domain_failures", "Attempts to reach a domain that came to nothing.", ({ failures }) => failures);
}

function series({ domains }: Federation, read: (domain: RemoteDomain) => number): SeriesReader {
  return function* () {
    let count = 0;
    for (const domain of domains.values()) {
      if ((count += 1) > mostDomains) return;
      yield [[domain.name], read(domain)];
    }
  };
}

function queued({ pairs }: RemoteDomain): number {
  return [...pairs.values()].reduce((sum, { waiting }) => sum + waiting.length, 0);
}
