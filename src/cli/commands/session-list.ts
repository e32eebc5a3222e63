// rookery session list: who is connected.
import { command } from "../command.js";
import { requireHost, serverOf, type SessionSummary } from "../context.js";
import { field } from "../field.js";
import { duration, plural, table } from "../style.js";

interface Listed {
  readonly sessions: readonly SessionSummary[];
  /** Milliseconds since 1970, by the server's clock. */
  readonly now: number;
}

const fields = { address: field.optional(field.address("only those of this account or domain")) };

export const sessionList = command<Listed, typeof fields>({
  name: "session list",
  sentence: "Lists the sessions: who is connected, from where and how.",
  place: "server",
  fields,
  positional: ["address"],
  async run(context, { address }) {
    if (address !== undefined) requireHost(context, address.domain);
    return { sessions: serverOf(context).sessions(address), now: Date.now() };
  },
  render({ sessions, now }, style) {
    const rows = sessions.map((session) => [
      session.address,
      session.presence === "connected" ? style.dim("connected") : `${session.presence} (${session.priority})`,
      session.remoteAddress,
      `${session.transport}, ${session.encryption ?? style.warning("in clear")}`,
      session.mechanism,
      duration(now - session.startedAt),
      duration(now - session.lastReceivedAt),
    ]);
    const head = ["ADDRESS", "PRESENCE", "FROM", "CONNECTION", "LOGGED IN BY", "SINCE", "SILENT"];
    const list = table(head, rows, "Nobody is connected.", style);
    return rows.length > 10 ? `${list}\n${style.dim(plural(rows.length, "session"))}` : list;
  },
});
