// Which bcrypt hashes an import may bring (modular crypt format: $2b$cost$ and 53 characters of salt and hash).

/** 2^15 rounds take about two seconds of one core; a hash that costs more would let each login stall the others. */
const HIGHEST_COST = 15;

const FORMAT = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/;

/** True for $2a$, $2b$ and $2y$ hashes with a cost between 4 and 15. */
export function isBcryptHash(text: string): boolean {
  const cost = Number(FORMAT.exec(text)?.[1]);
  return cost >= 4 && cost <= HIGHEST_COST;
}
