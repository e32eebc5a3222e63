// rookery user import: brings accounts over from elsewhere, from CSV or JSON lines.
import { createReadStream } from "node:fs";
import { resolve } from "node:path";
import { AccountError, type ImportedSecret } from "../../auth/accounts.js";
import { command, type Interaction } from "../command.js";
import { keyOf, type CommandContext } from "../context.js";
import { CommandError, ExitCode, misused } from "../failure.js";
import { field } from "../field.js";
import { importAll, type ImportReport } from "../import/import-all.js";
import { readRecords } from "../import/records.js";
import { readRows, type ImportRow, type RowOutcome } from "../import/rows.js";
import { plural } from "../style.js";

const fields = { rows: field.rows("accounts with their line numbers", readRows) };
/** Passwords whose keys are derived side by side. */
const LANES = 8;

const fileField = field.text("file of accounts");

export const userImport = command<readonly RowOutcome[], typeof fields, ImportReport>({
  name: "user import",
  sentence: "Creates many accounts from a file of CSV or JSON lines.",
  details: `CSV begins with a line of names: address, and password or bcrypt (or both columns). JSON lines have the same names:
  address,password                       {"address":"juliet@example.org","password":"wherefore"}
  juliet@example.org,wherefore           {"address":"romeo@example.org","bcrypt":"$2b$12$…"}
Lines that can't be imported are told with their numbers; all others are. Run again, it leaves those alone that exist.`,
  place: "storage",
  fields,
  localArgument: { name: "file", sentence: "CSV or JSON lines (default: standard input)" },
  localOptions: [{ flags: "--skip-existing", sentence: "don't count accounts that exist already as failures" }],
  run: (context, { rows }) => importRows(context, rows),
  interact,
  exitCode: ({ failed }) => (failed === 0 ? ExitCode.ok : ExitCode.failed),
  render: ({ created, existing, failed, seconds }, style) =>
    [
      `Created ${plural(created, "account")} in ${seconds} s.`,
      ...(existing === 0 ? [] : [`${plural(existing, "account")} existed already.`]),
      ...(failed === 0 ? [] : [style.bad(`${plural(failed, "line")} could not be imported.`)]),
    ].join("\n"),
});

async function interact(interaction: Interaction<readonly RowOutcome[]>): Promise<ImportReport> {
  const { terminal, flags, call } = interaction;
  const file = flags["file"] === undefined ? undefined : resolve(terminal.directory, fileField.read(flags["file"]));
  if (file === undefined && terminal.in.isTTY === true) misused("Which file? Name it, or send it to standard input.");
  const input = file === undefined ? terminal.in : createReadStream(file);
  const send = (rows: readonly ImportRow[]) => call({ rows });
  try {
    return await importAll(readRecords(input), send, { isSkippingExisting: flags["skipExisting"] === true, terminal });
  } catch (error) {
    if (error instanceof RangeError)
      throw new CommandError(ExitCode.failed, `The CSV can't be read on: ${error.message}.`);
    const code = error instanceof Error && "syscall" in error && "code" in error ? String(error.code) : undefined;
    throw code === undefined
      ? error
      : new CommandError(ExitCode.failed, `${file ?? "Standard input"} can't be read: ${code}`);
  }
}

/** Hashes all at once; passwords a few at a time, for logins wait in the same queue for the derivation of keys. */
async function importRows(context: CommandContext, rows: readonly ImportRow[]): Promise<readonly RowOutcome[]> {
  const outcomes: RowOutcome[] = [];
  const add = async (row: ImportRow) => outcomes.push(await importRow(context, row));
  const passwords = rows.filter(({ secret }) => "password" in secret).values();
  const lane = async (): Promise<void> => {
    for (const row of passwords) await add(row);
  };
  const hashes = rows.filter(({ secret }) => "bcrypt" in secret).map(add);
  await Promise.all([...hashes, ...Array.from({ length: LANES }, lane)]);
  return outcomes.sort((one, other) => one.line - other.line);
}

async function importRow(context: CommandContext, { line, address, secret }: ImportRow): Promise<RowOutcome> {
  try {
    const jid = field.account("address").read(address);
    await context.accounts.importAccount(keyOf(context, jid), secret satisfies ImportedSecret);
    return { line, address: jid.toString(), state: "created" };
  } catch (error) {
    if (!(error instanceof AccountError) && !(error instanceof CommandError)) throw error;
    const isExisting = error instanceof AccountError && error.problem === "exists";
    return { line, address, state: isExisting ? "exists" : "failed", message: error.message };
  }
}
