// rookery user enable: opens a disabled account again.
import { command } from "../command.js";
import { keyOf } from "../context.js";
import { field } from "../field.js";

const fields = { address: field.account("address of the account") };

export const userEnable = command<{ readonly address: string }, typeof fields>({
  name: "user enable",
  sentence: "Opens a disabled account for logins again.",
  place: "storage",
  fields,
  positional: ["address"],
  async run(context, { address }) {
    await context.accounts.enable(keyOf(context, address));
    return { address: address.toString() };
  },
  render: ({ address }, style) => `Enabled ${style.bold(address)}.`,
});
