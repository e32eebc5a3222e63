// Order by name: `after` and `before` say who goes first, and a circle is an error that names its members.

export interface Named {
  readonly owner: string;
  readonly after?: readonly string[];
  readonly before?: readonly string[];
}

/** Sorts so that every `after` and `before` holds; otherwise entries keep the order in which they came. */
export function sortByName<T extends Named>(entries: readonly T[]): T[] {
  const sorted: T[] = [];
  const visiting: string[] = [];
  const visit = (entry: T): void => {
    if (sorted.includes(entry)) return;
    if (visiting.includes(entry.owner)) throw new Error(circle([...visiting, entry.owner]));
    visiting.push(entry.owner);
    for (const other of entries) if (other !== entry && precedes(other, entry)) visit(other);
    visiting.pop();
    sorted.push(entry);
  };
  entries.forEach(visit);
  return sorted;
}

function precedes(first: Named, second: Named): boolean {
  return (second.after?.includes(first.owner) ?? false) || (first.before?.includes(second.owner) ?? false);
}

function circle(names: readonly string[]): string {
  return `These extensions each want to come after the other: ${names.join(" → ")}.`;
}
