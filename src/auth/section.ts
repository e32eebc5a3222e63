// Options of logging in, per host.
import { kind, option, section, type ValuesOf } from "../config/option.js";
import { MECHANISMS } from "./mechanisms/index.js";
import { DEFAULT_ITERATIONS, MINIMUM_ITERATIONS } from "./scram-keys.js";

const names = MECHANISMS.map(({ name }) => name);

export const loginOptions = section(
  "login",
  "How users prove who they are.",
  {
    mechanisms: option.list(
      kind.choice(names),
      names.filter((name) => name !== "EXTERNAL"),
      "SASL mechanisms that may be offered; EXTERNAL is for client certificates.",
    ),
    anonymous: option.boolean(false, "Lets anybody in under a name made up for the session (XEP-0175)."),
    scram_iterations: option.integer(DEFAULT_ITERATIONS, "PBKDF2 iterations for passwords that are set from now on.", {
      min: MINIMUM_ITERATIONS,
      max: 10_000_000,
    }),
    former_scram_iterations: option.list(
      kind.integer({ min: 4096, max: 10_000_000 }),
      [],
      "Iterations that accounts still have from earlier settings, so that invented accounts can show them too.",
    ),
  },
  "host",
);

export type LoginOptions = ValuesOf<typeof loginOptions.options>;
