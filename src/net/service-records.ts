// The order in which to try the servers that SRV records name (RFC 2782).

export interface ServiceRecord {
  /** The target as DNS gave it, without the final dot: empty for ".". */
  readonly name: string;
  readonly port: number;
  readonly priority: number;
  readonly weight: number;
}

/**
 * The order in which to try them: by priority, the lowest first, and within a priority by a
 * lot in which a record's chances are its weight.
 * @param random gives numbers from 0 up to but not including 1
 */
export function ordered<T extends ServiceRecord>(records: readonly T[], random: () => number): T[] {
  const priorities = new Set(records.map(({ priority }) => priority));
  const result: T[] = [];
  for (const each of [...priorities].sort((one, other) => one - other)) {
    const group = arranged(
      records.filter(({ priority }) => priority === each),
      random,
    );
    while (group.length > 0) result.push(...drawn(group, random));
  }
  return result;
}

/** RFC 2782, "Weight": in any order, but weight 0 first. A shuffled one, so that equal weights of 0 share the load. */
function arranged<T extends ServiceRecord>(records: readonly T[], random: () => number): T[] {
  const shuffled = records.map((record) => ({ record, place: random() })).sort((one, other) => one.place - other.place);
  const all = shuffled.map(({ record }) => record);
  return [...all.filter(({ weight }) => weight === 0), ...all.filter(({ weight }) => weight > 0)];
}

/** Takes one out: the first whose running sum is at least a number drawn from 0 to the sum of all, both included. */
function drawn<T extends ServiceRecord>(group: T[], random: () => number): T[] {
  const total = group.reduce((sum, { weight }) => sum + weight, 0);
  const lot = Math.floor(random() * (total + 1));
  let sum = 0;
  const place = group.findIndex(({ weight }) => (sum += weight) >= lot);
  return group.splice(place, 1);
}
