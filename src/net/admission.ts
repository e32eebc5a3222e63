// Who may connect: limits on connections in all, per address, and on how fast they come.
import { AddressSet, loopback, peerPrefix } from "./addresses.js";

export interface AdmissionLimits {
  /** Connections at one time, over all listeners. */
  readonly total: number;
  /** Connections at one time from one IPv4 address or IPv6 /64. */
  readonly perAddress: number;
  /** New connections a second from one address, in the long run. */
  readonly rate: number;
  /** New connections from one address at once, before `rate` counts. */
  readonly burst: number;
  /** Networks to which only `total` applies: by default this machine, where proxies run. */
  readonly exempt: readonly string[];
}

export const defaultLimits: AdmissionLimits = {
  total: 100_000,
  perAddress: 1_000,
  rate: 50,
  burst: 1_000,
  exempt: loopback,
};

export type Refusal = "total" | "per-address" | "rate";

interface Peer {
  open: number;
  tokens: number;
  /** When `tokens` was right, in milliseconds. */
  since: number;
}

/** Addresses known at one time, before those without a connection are forgotten. */
const mostKnown = 100_000;

export class Admission {
  readonly #limits: AdmissionLimits;
  readonly #exempt: AddressSet;
  readonly #now: () => number;
  readonly #peers = new Map<string, Peer>();
  readonly #refused: Record<Refusal, number> = { total: 0, "per-address": 0, rate: 0 };
  #open = 0;

  /** `now` gives milliseconds on a clock that never goes back. */
  constructor(limits: Partial<AdmissionLimits> = {}, now: () => number = () => performance.now()) {
    this.#limits = { ...defaultLimits, ...limits };
    this.#exempt = new AddressSet(this.#limits.exempt);
    this.#now = now;
  }

  get open(): number {
    return this.#open;
  }

  /** Connections refused since the start, by reason. */
  get refused(): Readonly<Record<Refusal, number>> {
    return this.#refused;
  }

  /** Says why not, or counts the connection in: then leave() must be called once, when it is gone. */
  enter(address: string): Refusal | undefined {
    const refusal = this.#open >= this.#limits.total ? "total" : this.#enterPeer(address);
    if (refusal === undefined) this.#open++;
    else this.#refused[refusal]++;
    return refusal;
  }

  leave(address: string): void {
    this.#open--;
    const peer = this.#peers.get(peerPrefix(address));
    if (peer !== undefined && peer.open > 0) peer.open--;
  }

  #enterPeer(address: string): Refusal | undefined {
    if (this.#exempt.has(address)) return undefined;
    const peer = this.#peerAt(peerPrefix(address));
    if (peer.open >= this.#limits.perAddress) return "per-address";
    if (peer.tokens < 1) return "rate";
    peer.tokens--;
    peer.open++;
    return undefined;
  }

  #peerAt(prefix: string): Peer {
    const now = this.#now();
    const known = this.#peers.get(prefix);
    if (known === undefined) return this.#remember(prefix, now);
    known.tokens = Math.min(this.#limits.burst, known.tokens + ((now - known.since) / 1_000) * this.#limits.rate);
    known.since = now;
    return known;
  }

  #remember(prefix: string, now: number): Peer {
    if (this.#peers.size >= mostKnown) this.#forgetIdle();
    const peer = { open: 0, tokens: this.#limits.burst, since: now };
    this.#peers.set(prefix, peer);
    return peer;
  }

  #forgetIdle(): void {
    for (const [prefix, peer] of this.#peers) if (peer.open === 0) this.#peers.delete(prefix);
  }
}
