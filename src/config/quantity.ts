// Amounts with a unit, as people write them: "30s", "64 KiB".

/** Units by name, smallest first, each with its worth in the smallest. */
export type Units = Readonly<Record<string, number>>;

/** The amount in the smallest unit, whole; undefined when the text is no amount. A bare 0 needs no unit. */
export function parseQuantity(text: string, units: Units): number | undefined {
  const [, digits, unit] = /^(\d+(?:\.\d+)?) ?([A-Za-z]*)$/.exec(text) ?? [];
  if (digits === undefined || unit === undefined) return undefined;
  const worth = Object.hasOwn(units, unit) ? units[unit] : undefined;
  const amount = worth === undefined && Number(digits) === 0 && unit === "" ? 0 : Number(digits) * (worth ?? NaN);
  return Number.isSafeInteger(amount) ? amount : undefined;
}

/** The amount in the largest unit that divides it. */
export function formatQuantity(amount: number, units: Units): string {
  const [name, worth] =
    Object.entries(units).findLast(([, each]) => amount !== 0 && amount % each === 0) ?? zero(units);
  return name.length > 2 || name === "B" ? `${amount / worth} ${name}` : `${amount / worth}${name}`;
}

function zero(units: Units): [string, number] {
  return Object.entries(units).find(([name]) => name === "s") ?? Object.entries(units)[0] ?? ["", 1];
}
