// rookery send: a message from the server to one of its users.
import { command } from "../command.js";
import { keyOf, requireHost, serverOf } from "../context.js";
import { misused, refuse } from "../failure.js";
import { field } from "../field.js";
import { plural } from "../style.js";

interface Sent {
  readonly from: string;
  readonly to: string;
  /** How many sessions the account has at present. */
  readonly sessions: number;
}

const fields = {
  to: field.address("an account, or one session with its resource"),
  body: field.text("the message"),
  subject: field.optional(field.text("what it is about")),
  type: field.optional(field.choice("how clients show it (default: normal)", ["normal", "chat", "headline"])),
  from: field.optional(field.host("the host that sends it (default: the addressee's)")),
};

export const send = command<Sent, typeof fields>({
  name: "send",
  sentence: "Sends a message to an account, as the server.",
  place: "server",
  fields,
  positional: ["to", "body"],
  async run(context, { to, body, subject, type = "normal", from = to.domain }) {
    if (to.local === "") return misused(`${to.toString()} is a whole host; name an account.`);
    requireHost(context, from);
    const account = await context.accounts.show(keyOf(context, to));
    if (account === undefined) return refuse(`There is no account ${to.bare.toString()}.`);
    const server = serverOf(context);
    const sessions = server.sessions(to.bare).length;
    server.send({ from, to, body, subject, type });
    return { from, to: to.toString(), sessions };
  },
  render: ({ from, to, sessions }) =>
    `Sent to ${to} as ${from}; ${sessions === 0 ? "nobody is connected there" : `${plural(sessions, "session")} there`}.`,
});
