// rookery component list: which components there are, and whether they are connected.
import { command } from "../command.js";
import { serverOf, type ComponentSummary } from "../context.js";
import { duration, table } from "../style.js";

interface Listed {
  readonly components: readonly ComponentSummary[];
  /** Milliseconds since 1970, by the server's clock. */
  readonly now: number;
}

export const componentList = command<Listed, Record<never, never>>({
  name: "component list",
  sentence: "Lists the components: which are configured, and from where they are connected.",
  place: "server",
  async run(context) {
    return { components: serverOf(context).components(), now: Date.now() };
  },
  render({ components, now }, style) {
    const rows = components.map(
      ({ domain, remoteAddress, startedAt, lastReceivedAt, waiting }) =>
      remoteAddress === null
        ? [domain, style.warning("not connected"), "", "", ""]
        : [domain, remoteAddress, duration(now - (startedAt ?? now)), duration(now - (lastReceivedAt ?? now)), bytes(waiting)], // prettier-ignore
    );
    return table(["DOMAIN", "FROM", "SINCE", "SILENT", "WAITING"], rows, "No component is configured.", style);
  },
});

function bytes(waiting: number | null): string {
  return waiting === null || waiting === 0 ? "nothing" : `${Math.ceil(waiting / 1024)} KiB`;
}
