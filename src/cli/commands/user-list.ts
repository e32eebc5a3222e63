// rookery user list: the accounts of one host, or of all.
import { command } from "../command.js";
import { requireHost, type AccountOperations } from "../context.js";
import { field } from "../field.js";
import { date, plural, table } from "../style.js";

interface Row {
  readonly address: string;
  readonly isDisabled: boolean;
  readonly credentials: readonly string[];
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

interface Page {
  readonly accounts: readonly Row[];
  /** Where the next page begins; null at the end. */
  readonly next: { readonly host: string; readonly after: string } | null;
}

/** Accounts in a page. */
const PAGE = 1000;

const fields = {
  host: field.optional(field.host("only this host's accounts")),
  from: field.optional(field.host("the host to begin with")),
  after: field.optional(field.text("the last user name of the page before")),
};

export const userList = command<Page, typeof fields, { readonly accounts: readonly Row[] }>({
  name: "user list",
  sentence: "Lists the accounts.",
  place: "storage",
  fields,
  positional: ["host"],
  async run(context, { host, from, after = "" }) {
    if (host !== undefined) requireHost(context, host);
    const hosts = host === undefined ? context.hosts : [host];
    return readPage(context.accounts, hosts.slice(Math.max(hosts.indexOf(from ?? ""), 0)), after);
  },
  async interact({ input, call }) {
    const accounts: Row[] = [];
    let page = await call({ ...input });
    accounts.push(...page.accounts);
    while (page.next !== null) {
      page = await call({ ...input, from: page.next.host, after: page.next.after });
      accounts.push(...page.accounts);
    }
    return { accounts };
  },
  render({ accounts }, style) {
    const rows = accounts.map(({ address, isDisabled, credentials, createdAt }) => [
      address,
      isDisabled ? style.warning("disabled") : "open",
      credentials.join(", "),
      date(createdAt),
    ]);
    const list = table(["ADDRESS", "STATE", "LOGS IN WITH", "CREATED"], rows, "There are no accounts yet.", style);
    return rows.length > 10 ? `${list}\n${style.dim(plural(rows.length, "account"))}` : list;
  },
});

/** A page of the first host that has one. */
async function readPage(accounts: AccountOperations, hosts: readonly string[], after: string): Promise<Page> {
  const [host, ...others] = hosts;
  if (host === undefined) return { accounts: [], next: null };
  const found = await accounts.list(host, after, PAGE);
  const last = found.at(-1);
  if (last === undefined) return readPage(accounts, others, "");
  const rows = found.map(({ user, isDisabled, credentials, createdAt }) => {
    return { address: `${user}@${host}`, isDisabled, credentials, createdAt };
  });
  const next = found.length === PAGE ? { host, after: last.user } : others[0] === undefined ? null : { host: others[0], after: "" }; // prettier-ignore
  return { accounts: rows, next };
}
