// [components."irc.verona.example"]: external components, one table for the domain of each.
import { domainName } from "../config/host-name.js";
import { keyedSection, kind, option, type ValuesOf } from "../config/option.js";

export const componentOptions = keyedSection({
  name: "components",
  sentence: "A gateway or another service that connects to a listener of type component and serves this domain.",
  key: domainName,
  exampleKey: "irc.example.org",
  options: {
    secret: option.required(
      kind.string({ pattern: /^[^]+$/, means: "text in quotes, not empty" }),
      "What the component proves to know, as in its own configuration; `openssl rand -hex 32` makes a good one.",
      "long-random-text",
    ),
    stanza_size: option.size("512 KiB", "Longest stanza of the component.", { min: "10000 B", max: "16 MiB" }),
    outbox_size: option.size("8 MiB", "What may wait to be sent to the component while it does not read.", {
      min: "64 KiB",
      max: "1 GiB",
    }),
    keep_alive: option.duration("1m", "How often a space is sent to the component while nothing else is.", {
      min: "1s",
      max: "1d",
    }),
  },
  scope: "server",
  excludesHosts: true,
});

/** One component's table. */
export type ComponentOptions = ValuesOf<(typeof componentOptions)["options"]>;
