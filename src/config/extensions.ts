// [extensions.<name>] tables: for all hosts at the top of the file, for one inside its table.
import type { ExtensionDeclaration } from "./declarations.js";
import type { KeyPath } from "./key-lines.js";
import { option, type Options } from "./option.js";
import type { Problems } from "./problem.js";
import { readGiven, tableAt, unknownKey, type Given, type Table } from "./table.js";

/** By extension name. */
export type GivenExtensions = ReadonlyMap<string, Given>;

/** The declared options and `enabled`. */
export function withEnabled({ options, isOffByDefault }: ExtensionDeclaration): Options {
  return { enabled: option.boolean(isOffByDefault !== true, "Whether it runs."), ...options };
}

/** Reads the `extensions` table that stands in `parent`. */
export function readExtensions(
  parent: Table,
  path: KeyPath,
  declarations: readonly ExtensionDeclaration[],
  problems: Problems,
): GivenExtensions {
  const at = [...path, "extensions"];
  const table = tableAt(parent, "extensions", at, problems);
  const names = declarations.map(({ name }) => name);
  for (const name of Object.keys(table).filter((each) => !names.includes(each)))
    problems.add([...at, name], unknownKey(name, names));
  return new Map(
    declarations.map((declaration) => {
      const own = [...at, declaration.name];
      const given = readGiven(tableAt(table, declaration.name, own, problems), withEnabled(declaration), own, problems);
      return [declaration.name, given];
    }),
  );
}
