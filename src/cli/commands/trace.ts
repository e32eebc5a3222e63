// rookery trace: stanzas as they come and go, live, without what people wrote in them.
import type { TraceEvent } from "../../observability/trace.js";
import { command } from "../command.js";
import { requireHost, serverOf } from "../context.js";
import { field } from "../field.js";
import type { Style } from "../style.js";

const fields = { address: field.address("an account, one session with its resource, or a domain") };

export const trace = command<never, typeof fields, TraceEvent>({
  name: "trace",
  sentence: "Shows stanzas of an address live, and which stage and extension acted on them. Ends with Ctrl-C.",
  details: "Text that people wrote is left out. With --json each event is a line.",
  place: "server",
  fields,
  positional: ["address"],
  async *watch(context, { address }, signal) {
    const server = serverOf(context);
    const isOfComponent = server.components().some(({ domain }) => domain === address.domain);
    if (!isOfComponent) requireHost(context, address.domain);
    const events = server.trace.subscribe(address.toString());
    const stop = () => events.close();
    signal.addEventListener("abort", stop);
    try {
      if (!signal.aborted) yield* events;
    } finally {
      signal.removeEventListener("abort", stop);
      stop();
    }
  },
  render: (event, style) => `${dropped(event, style)}${style.dim(clock(event.time))} ${arrow(event, style)} ${facts(event, style)}\n    ${event.xml}`, // prettier-ignore
});

function dropped(event: TraceEvent, style: Style): string {
  return event.dropped === 0 ? "" : style.warning(`… ${event.dropped} more were too many to show\n`);
}

function clock(time: number): string {
  return new Date(time).toISOString().slice(11, 23);
}

function arrow({ direction }: TraceEvent, style: Style): string {
  if (direction === "in") return style.good("in  →");
  return direction === "out" ? style.bold("out ←") : style.warning("    ·");
}

function facts({ kind, from, to, stage, extension, outcome }: TraceEvent, style: Style): string {
  const way = `${kind} ${from || "(no from)"} → ${to || "(no to)"}`;
  return stage === undefined ? way : `${way}  ${style.bold(`${stage}: ${extension ?? ""}`)} ${outcome ?? ""}`.trimEnd();
}
