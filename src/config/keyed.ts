// [peers."mantua.example"]: tables whose keys the operator chooses, at the top of the file or inside a host.
import { formatKey, type KeyPath } from "./key-lines.js";
import { OptionError, type KeyedSection, type Options } from "./option.js";
import { describeFound, type Problems } from "./problem.js";
import { readGiven, tableAt, type Given, type Table } from "./table.js";

/** What the tables of one keyed section give, by prepared key. */
export type GivenTables = ReadonlyMap<string, Given>;

/** Reads the keyed sections that stand in `parent`; by the section's name. */
export function readKeyed(
  parent: Table,
  path: KeyPath,
  declared: readonly KeyedSection<Options>[],
  problems: Problems,
): ReadonlyMap<string, GivenTables> {
  return new Map(declared.map((each) => [each.name, readTables(parent, [...path, each.name], each, problems)]));
}

function readTables(
  parent: Table,
  path: KeyPath,
  { name, key, options }: KeyedSection<Options>,
  problems: Problems,
): GivenTables {
  const table = tableAt(parent, name, path, problems);
  const tables = new Map<string, Given>();
  for (const written of Object.keys(table)) {
    const at = [...path, written];
    const given = readGiven(tableAt(table, written, at, problems), options, at, problems);
    const prepared = prepare(written, key, at, problems);
    if (prepared === undefined) continue;
    if (tables.has(prepared))
      problems.add(at, `this table stands here twice: it is the same as ${formatKey(prepared)}`);
    tables.set(prepared, given);
  }
  return tables;
}

function prepare(
  written: string,
  key: KeyedSection<Options>["key"],
  path: KeyPath,
  problems: Problems,
): string | undefined {
  try {
    return key.read(written);
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    problems.add(path, `found ${describeFound(written)}, allowed: ${error.message}`);
    return undefined;
  }
}
