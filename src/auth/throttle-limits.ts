// The policy of throttling failed logins, in figures, and why.
//
// A wrong password is counted in three places, under the network (see network-prefix.ts) that it came from:
//
// - pair: this account from this network. The tight one: five mistakes are free, then attempts have to wait for 1, 2, 4 …
//   16 seconds, after twenty they are refused unheard. One failure a minute is forgiven, so this also is what a guesser
//   can go on with: 1 440 guesses a day.
// - account: this account from anywhere; against many networks guessing at one account.
// - network: any account from this network; against one password tried on many accounts.
//
// What follows from the figures (and is tested):
//
// - One network can't fill the account's budget: its pair gives out first, at 20 and one a minute, and the account's
//   budget has 60 free and forgives six a minute. So nobody can lock an account's owner out from a single network, and
//   somebody who hammers one account harms no neighbour: 20 is far below the 60 that are free in the network's budget.
// - A pair that has logged in before ("familiar") is judged by its own budget alone. So not even many attackers lock the
//   owner out at home, and a flood from within a shared address leaves its regular users alone. Others behind the same
//   address have to queue in the network's budget while the flood lasts.
// - Loopback and trusted proxies are many people: such an address has no budget as a network, adds nothing to accounts'
//   budgets, and its pairs only slow down (at most to one attempt a second) and are never refused for their failures.
// - An attempt that was refused unheard is not counted: refusals end as soon as failures are forgiven.
// - Unknown accounts are counted like existing ones. Storage failures and right passwords are not counted.
//
// A refusal is <temporary-auth-failure/>, given without looking at the password: <not-authorized/> would make clients
// forget a right one and ask their user for another. It tells a guesser nothing but what the waiting has told already.

/** A budget of failures. Times are milliseconds. */
export interface FailureBudget {
  /** Failures that have no consequence. */
  readonly free: number;
  /** Failures at which attempts are refused unheard. */
  readonly refuseAt: number;
  /** One failure is forgiven each time this has passed. */
  readonly forgiveEvery: number;
  /** The wait after the last free failure, and what each further one multiplies it with. */
  readonly firstWait: number;
  readonly growth: number;
  readonly longestWait: number;
}

export interface ThrottleLimits {
  readonly pair: FailureBudget;
  /** Instead of `pair` for addresses that many people share by nature. */
  readonly sharedPair: FailureBudget;
  readonly account: FailureBudget;
  readonly network: FailureBudget;
  /** Longest time that an attempt is kept waiting for its turn, in milliseconds; past it, it is refused. */
  readonly patience: number;
  /** Entries that each table holds; the least recently used are forgotten. */
  readonly entries: number;
}

export const DEFAULT_THROTTLE_LIMITS: ThrottleLimits = {
  pair: { free: 5, refuseAt: 20, forgiveEvery: 60_000, firstWait: 1_000, growth: 2, longestWait: 16_000 },
  sharedPair: { free: 20, refuseAt: Infinity, forgiveEvery: 5_000, firstWait: 100, growth: 1.2, longestWait: 1_000 },
  account: { free: 60, refuseAt: 300, forgiveEvery: 10_000, firstWait: 100, growth: 1.05, longestWait: 10_000 },
  network: { free: 60, refuseAt: 300, forgiveEvery: 5_000, firstWait: 100, growth: 1.05, longestWait: 5_000 },
  patience: 20_000,
  entries: 50_000,
};
