// rookery user delete: removes an account with everything it owns.
import { confirm } from "../ask.js";
import { command } from "../command.js";
import { keyOf } from "../context.js";
import { field } from "../field.js";

const fields = { address: field.account("address of the account") };

export const userDelete = command<{ readonly address: string }, typeof fields>({
  name: "user delete",
  sentence: "Removes an account and everything it owns, for good.",
  place: "storage",
  fields,
  positional: ["address"],
  localOptions: [{ flags: "-y, --yes", sentence: "don't ask whether this is meant" }],
  async run(context, { address }) {
    await context.accounts.delete(keyOf(context, address));
    return { address: address.toString() };
  },
  async interact({ terminal, flags, input, call }) {
    const address = fields.address.read(input["address"]).toString();
    await confirm(terminal, flags["yes"] === true, `Delete ${address} with its roster, messages and all else it has?`);
    return call({ address });
  },
  render: ({ address }, style) => `Deleted ${style.bold(address)}.`,
});
