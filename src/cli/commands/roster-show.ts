// rookery roster show: an account's contacts.
import { command } from "../command.js";
import { keyOf } from "../context.js";
import { refuse } from "../failure.js";
import { field } from "../field.js";
import { table } from "../style.js";
import type { Subscription } from "../../storage/records.js";

interface Contact {
  readonly address: string;
  readonly name: string;
  readonly subscription: Subscription;
  readonly isAsking: boolean;
  readonly isApproved: boolean;
  readonly groups: readonly string[];
}

const fields = { address: field.account("address of the account") };

export const rosterShow = command<{ readonly contacts: readonly Contact[] }, typeof fields>({
  name: "roster show",
  sentence: "Shows the contacts of an account.",
  place: "storage",
  fields,
  positional: ["address"],
  async run(context, { address }) {
    const items = await context.roster(keyOf(context, address));
    if (items === undefined) return refuse(`There is no account ${address.toString()}.`);
    const contacts = items.map(({ jid, name, subscription, isAsking, isApproved, groups }) => {
      return { address: jid, name, subscription, isAsking, isApproved, groups };
    });
    return { contacts };
  },
  render: ({ contacts }, style) =>
    table(
      ["ADDRESS", "NAME", "SUBSCRIPTION", "GROUPS"],
      contacts.map((contact) => [contact.address, contact.name, stateOf(contact), contact.groups.join(", ")]),
      "The roster is empty.",
      style,
    ),
});

function stateOf({ subscription, isAsking, isApproved }: Contact): string {
  return `${subscription}${isAsking ? ", asked" : ""}${isApproved ? ", approved beforehand" : ""}`;
}
