// rookery session close: ends the sessions of an account, or one of them.
import { command } from "../command.js";
import { requireHost, serverOf } from "../context.js";
import { misused, refuse } from "../failure.js";
import { field } from "../field.js";
import { plural } from "../style.js";

const fields = {
  address: field.address("an account, or one session with its resource"),
  reason: field.optional(field.text("a sentence for the user")),
};

export const sessionClose = command<{ readonly closed: readonly string[] }, typeof fields>({
  name: "session close",
  sentence: "Ends sessions. Clients usually come back: to keep an account out, disable it.",
  place: "server",
  fields,
  positional: ["address"],
  async run(context, { address, reason }) {
    requireHost(context, address.domain);
    if (address.local === "") return misused(`${address.toString()} is a whole host; name an account or a session.`);
    const closed = serverOf(context).closeSessions(address, reason);
    return closed.length === 0 ? refuse(`${address.toString()} has no session.`) : { closed };
  },
  render: ({ closed }) => `Closed ${plural(closed.length, "session")}: ${closed.join(", ")}`,
});
