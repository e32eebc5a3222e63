// rookery user password: sets an account's password.
import { obtainPassword, passwordOptions } from "../ask.js";
import { command } from "../command.js";
import { keyOf } from "../context.js";
import { field } from "../field.js";

interface Changed {
  readonly address: string;
  /** Only when it was made up here. */
  readonly password?: string;
}

const fields = { address: field.account("address of the account"), password: field.secret("its new password") };

export const userPassword = command<Changed, typeof fields>({
  name: "user password",
  sentence: "Sets the password of an account.",
  place: "storage",
  fields,
  positional: ["address"],
  localOptions: passwordOptions,
  async run(context, { address, password }) {
    await context.accounts.changePassword(keyOf(context, address), password);
    return { address: address.toString() };
  },
  async interact({ terminal, flags, input, call }) {
    const address = fields.address.read(input["address"]).toString();
    const { password, isGenerated } = await obtainPassword(terminal, flags, address);
    const changed = await call({ address, password });
    return isGenerated ? { ...changed, password } : changed;
  },
  render: ({ address, password }, style) =>
    `${style.bold(address)} has a new password.${password === undefined ? "" : `\nPassword: ${style.bold(password)}`}`,
});
