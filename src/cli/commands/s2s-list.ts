// rookery s2s list: streams with other servers, what waits for them, and what went wrong.
import type { DomainSummary, FederationSummary, QueueSummary, StreamSummary } from "../../s2s/summary.js";
import { command } from "../command.js";
import { serverOf } from "../context.js";
import { field } from "../field.js";
import { duration, type Style, table } from "../style.js";

interface Listed extends FederationSummary {
  /** Milliseconds since 1970, by the server's clock. */
  readonly now: number;
}

const fields = { domain: field.optional(field.host("only what concerns this domain of another server")) };

export const s2sList = command<Listed, typeof fields>({
  name: "s2s list",
  sentence: "Lists the streams with other servers, what waits for them, and what went wrong last.",
  details: "To find out why a server can't be reached: rookery s2s check DOMAIN.",
  place: "server",
  fields,
  positional: ["domain"],
  async run(context, { domain }) {
    return { ...serverOf(context).federation(domain), now: Date.now() };
  },
  render({ streams, queues, domains, now }, style) {
    const failed = domains.filter(({ lastFailure }) => lastFailure !== null);
    return [
      streamTable(streams, now, style),
      ...(queues.length === 0 ? [] : [queueTable(queues, now, style)]),
      ...(failed.length === 0 ? [] : [failureTable(failed, now, style)]),
    ].join("\n\n");
  },
});

function streamTable(streams: readonly StreamSummary[], now: number, style: Style): string {
  const rows = streams.map((stream) => [
    stream.remote === "" ? style.dim("unknown") : stream.remote,
    stream.direction === "out" ? `← ${stream.local}` : `→ ${stream.local}`,
    stream.isBidirectional ? `${stream.state}, both ways` : stream.state,
    stream.address,
    stream.encryption ?? style.warning("in clear"),
    proofs(stream, style),
    `${stream.received} / ${stream.sent}`,
    stream.isManaged ? String(stream.unacknowledged) : style.dim("not told"),
    stream.startedAt === null ? "" : duration(now - stream.startedAt),
  ]);
  const head = [
    "SERVER",
    "OURS",
    "STATE",
    "ADDRESS",
    "CONNECTION",
    "PROVEN BY THEM / US",
    "IN / OUT",
    "UNCONFIRMED",
    "SINCE",
  ];
  return table(head, rows, "There are no streams with other servers.", style);
}

function proofs({ theyProved, weProved, direction }: StreamSummary, style: Style): string {
  const theirs = theyProved === "nothing" ? style.warning("nothing") : theyProved;
  return direction === "in" ? theirs : `${theirs} / ${weProved}`;
}

function queueTable(queues: readonly QueueSummary[], now: number, style: Style): string {
  const rows = queues.map(({ remote, local, stanzas, bytes, oldestSince, isConnecting }) => [
    remote,
    local,
    `${stanzas} (${Math.ceil(bytes / 1024)} KiB)`,
    oldestSince === null ? "" : duration(now - oldestSince),
    isConnecting ? "connecting" : "waiting for the next attempt",
  ]);
  return table(["QUEUE FOR", "FROM", "STANZAS", "OLDEST", "STATE"], rows, "", style);
}

function failureTable(domains: readonly DomainSummary[], now: number, style: Style): string {
  const rows = domains.flatMap(({ domain, lastFailure, pause, bounced }) =>
    lastFailure === null
      ? []
      : [
          [
            domain,
            `${duration(now - lastFailure.at)} ago`,
            style.bad(lastFailure.reason),
            pause > 0 ? `in ${duration(pause)}` : "when needed",
            String(bounced),
            lastFailure.text,
          ],
        ],
  );
  return table(["LAST FAILURE", "WHEN", "REASON", "NEXT TRY", "RETURNED", "WHAT HAPPENED"], rows, "", style);
}
