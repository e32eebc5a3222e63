// rookery user show: what is known of an account.
import { command } from "../command.js";
import { keyOf } from "../context.js";
import { refuse } from "../failure.js";
import { field } from "../field.js";
import { date, plural } from "../style.js";

interface Shown {
  readonly address: string;
  readonly isDisabled: boolean;
  readonly credentials: readonly string[];
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly contacts: number;
  readonly offlineMessages: number;
  /** Addresses of its sessions; null when the server is not running. */
  readonly sessions: readonly string[] | null;
}

const fields = { address: field.account("address of the account") };

export const userShow = command<Shown, typeof fields>({
  name: "user show",
  sentence: "Shows an account: its state, how it logs in, its sessions.",
  place: "storage",
  fields,
  positional: ["address"],
  async run(context, { address }) {
    const key = keyOf(context, address);
    const account = await context.accounts.show(key);
    if (account === undefined) return refuse(`There is no account ${address.toString()}.`);
    const { isDisabled, credentials, createdAt } = account;
    const contacts = (await context.roster(key))?.length ?? 0;
    const offlineMessages = await context.offlineCount(key);
    const sessions = context.server?.sessions(address).map((session) => session.address) ?? null;
    return { address: address.toString(), isDisabled, credentials, createdAt, contacts, offlineMessages, sessions };
  },
  render: (shown, style) =>
    [
      style.bold(shown.address),
      `State:     ${shown.isDisabled ? style.warning("disabled") : "open"}`,
      `Logs in:   ${shown.credentials.join(", ")}`,
      `Created:   ${date(shown.createdAt)}`,
      `Roster:    ${plural(shown.contacts, "contact")}`,
      `Offline:   ${plural(shown.offlineMessages, "message")}`,
      `Sessions:  ${shown.sessions === null ? "(the server is not running)" : shown.sessions.join(", ") || "none"}`,
    ].join("\n"),
});
