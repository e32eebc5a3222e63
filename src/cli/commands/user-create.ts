// rookery user create: makes an account.
import { obtainPassword, passwordOptions } from "../ask.js";
import { command } from "../command.js";
import { keyOf } from "../context.js";
import { field } from "../field.js";

interface Created {
  readonly address: string;
  /** Only when it was made up here. */
  readonly password?: string;
}

const fields = { address: field.account("address of the new account"), password: field.secret("its password") };

export const userCreate = command<Created, typeof fields>({
  name: "user create",
  sentence: "Creates an account.",
  details: "On a terminal the password is asked for. It is never taken from the arguments, where others can see it.",
  place: "storage",
  fields,
  positional: ["address"],
  localOptions: passwordOptions,
  async run(context, { address, password }) {
    await context.accounts.create(keyOf(context, address), password);
    return { address: address.toString() };
  },
  async interact({ terminal, flags, input, call }) {
    const address = fields.address.read(input["address"]).toString();
    const { password, isGenerated } = await obtainPassword(terminal, flags, address);
    const created = await call({ address, password });
    return isGenerated ? { ...created, password } : created;
  },
  render: ({ address, password }, style) =>
    `Created ${style.bold(address)}.${password === undefined ? "" : `\nPassword: ${style.bold(password)}`}`,
});
