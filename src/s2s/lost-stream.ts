// The stream that a pair has lost: it is gone on with (XEP-0198 §5), or what nobody has confirmed goes again or comes back.
import type { Stanza } from "../stanza/stanza.js";
import { isBroken } from "./broken.js";
import type { Federation } from "./federation.js";
import type { Link } from "./link.js";
import type { Management } from "./management.js";
import { FederationFailure } from "./reason.js";

/** What becomes of the stanzas of a stream that will not be gone on with. */
export interface LostStanzas {
  /** They have not arrived, or may do so twice. */
  again(stanzas: readonly Stanza[]): void;
  refuse(stanza: Stanza, failure: FederationFailure): void;
}

interface Lost {
  readonly management: Management;
  /** We had opened it, so we go on with it; else the other side will. */
  readonly isOurs: boolean;
  /** What is known never to have been sent. */
  readonly unsent: ReadonlySet<Stanza>;
  /** Milliseconds since 1970. */
  readonly until: number;
}

export class LostStream {
  #lost: Lost | undefined;

  constructor(
    private readonly federation: Federation,
    private readonly stanzas: LostStanzas,
  ) {}

  /** Undefined while no stream is lost. */
  get management(): Management | undefined {
    return this.#lost?.management;
  }

  /** The other side had opened it, and goes on with it. */
  get isTheirs(): boolean {
    return this.#lost?.isOurs === false;
  }

  isGivenUp(now: number): boolean {
    return this.#lost !== undefined && now >= this.#lost.until;
  }

  /** A stream that counted its stanzas is over: lost, or ended on purpose. */
  over(link: Link, management: Management, unsent: readonly Stanza[], isOurs: boolean): void {
    const until = this.federation.clock.now() + this.federation.limits.resume_time;
    this.#lost = { management, isOurs, unsent: new Set(unsent), until };
    if (management.id === undefined || !isBroken(link.stream)) this.settle(isToldExactly(link));
  }

  /** It is gone on with. */
  forget(): void {
    this.#lost = undefined;
  }

  /** It will not be gone on with. `isExact`: what is not acknowledged has not arrived. */
  settle(isExact = false): void {
    if (this.#lost === undefined) return;
    const { management, unsent } = this.#lost;
    this.#lost = undefined;
    const again: Stanza[] = [];
    for (const stanza of management.sent.unacknowledged) {
      if (isExact || unsent.has(stanza) || isHarmlessTwice(stanza)) again.push(stanza);
      else this.stanzas.refuse(stanza, new FederationFailure("fate-unknown", lostBefore));
    }
    this.stanzas.again(again);
  }
}

const lostBefore = "The connection was lost before it was confirmed.";

/** Who allows resumption and closes in order says right before how far it has come: what is not in that, it has not handled. */
function isToldExactly({ stream, management }: Link): boolean {
  return stream.isEndedByPeer && management?.id !== undefined && management.isUpToDate;
}

/** Presence says how things are, an answer that comes twice is ignored, and to ask twice changes nothing. */
function isHarmlessTwice({ kind, type }: Stanza): boolean {
  return kind === "presence" || (kind === "iq" && type !== "set");
}
