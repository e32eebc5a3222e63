// Reads the tables of [[listeners]].
import { completeListener, listenerOptions, usualListeners, type ListenerSettings } from "./listener.js";
import { describeFound, type Problems } from "./problem.js";
import { isTable, readGiven, valuesOf, type Table } from "./table.js";

/** `addresses`: for listeners that have none of their own. */
export function readListeners(
  top: Table,
  addresses: readonly string[],
  problems: Problems,
): readonly ListenerSettings[] {
  if (!Object.hasOwn(top, "listeners")) return usualListeners(addresses);
  const tables: unknown = top["listeners"];
  if (!Array.isArray(tables))
    problems.add(["listeners"], `found ${describeFound(tables)}, allowed: an array of tables, as [[listeners]]`);
  return (Array.isArray(tables) ? tables : []).map((table: unknown, index) => {
    const path = ["listeners", index];
    if (!isTable(table)) problems.add(path, `found ${describeFound(table)}, allowed: a table, as [[listeners]]`);
    const values = valuesOf(listenerOptions, isTable(table) ? readGiven(table, listenerOptions, path, problems) : {});
    return completeListener(values, addresses);
  });
}
