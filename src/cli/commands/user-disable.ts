// rookery user disable: nobody can log in to the account, and everything it has is kept.
import { command } from "../command.js";
import { keyOf } from "../context.js";
import { field } from "../field.js";

const fields = { address: field.account("address of the account") };

export const userDisable = command<{ readonly address: string }, typeof fields>({
  name: "user disable",
  sentence: "Closes an account for logins and ends its sessions; everything it has is kept.",
  place: "storage",
  fields,
  positional: ["address"],
  async run(context, { address }) {
    await context.accounts.disable(keyOf(context, address));
    return { address: address.toString() };
  },
  render: ({ address }, style) => `Disabled ${style.bold(address)}.`,
});
