// The stages that a stanza passes on its way from and to an account (ARCHITECTURE §5), compiled to arrays once.
import type { StanzaError } from "../stanza/stanza-error.js";
import type { Stanza, StanzaKind } from "../stanza/stanza.js";
import type { ChildName } from "../xml/fragment.js";
import type { Account } from "./session.js";
import { sortByName } from "./order.js";

export const stageNames = ["stamp", "guard", "archive", "copy", "notify"] as const;
export type StageName = (typeof stageNames)[number];
export type Flow = "outgoing" | "incoming";

/** Returns the stanza to go on with: the same one, or a changed copy. */
export type StampHandler = (stanza: Stanza, account: Account) => Stanza;
/** Undefined lets it pass, "ignore" drops it in silence, an error is sent back. */
export type GuardHandler = (stanza: Stanza, account: Account) => undefined | "ignore" | StanzaError;
/** Looks on. */
export type WatchHandler = (stanza: Stanza, account: Account) => void;

export interface StageOrder {
  /** Names of extensions whose handlers of the same stage run before this one. */
  readonly after?: readonly string[];
  readonly before?: readonly string[];
}

export interface StageInterest extends StageOrder {
  /** Only stanzas with such a direct child are its business; all others pass it by, and cost nothing. */
  readonly onlyWith?: ChildName;
}

export interface StageHandlers {
  stamp: StampHandler;
  guard: GuardHandler;
  archive: WatchHandler;
  copy: WatchHandler;
  notify: WatchHandler;
}

export interface Registered<H> extends StageOrder {
  readonly owner: string;
  readonly handler: H;
}

/** The compiled handlers of one flow and kind of stanza. */
export interface Stages {
  readonly stamp: readonly Registered<StampHandler>[];
  readonly guard: readonly Registered<GuardHandler>[];
  readonly watch: readonly (Registered<WatchHandler> & { readonly stage: StageName })[];
  /** What somebody is interested in; undefined when it is every stanza. */
  readonly onlyWith: readonly ChildName[] | undefined;
}

/** Whether the stages have nothing to do with the stanza. */
export function passesBy(stages: Stages | undefined, stanza: Stanza): boolean {
  if (stages?.onlyWith === undefined) return stages === undefined;
  for (const { namespace, name } of stages.onlyWith) if (stanza.has(namespace, name)) return false;
  return true;
}

/** For each kind its stages, or undefined when nobody is interested: then a stanza pays one comparison. */
export type StageTable = Readonly<Record<StanzaKind, Stages | undefined>>;

type Entry = Registered<StageHandlers[StageName]> & {
  readonly stage: StageName;
  readonly flow: Flow;
  readonly kinds: readonly StanzaKind[];
  readonly onlyWith: ChildName | undefined;
};

/** Collects what the extensions of a host register. */
export class StageRegistry {
  readonly #entries: Entry[] = [];

  add<S extends StageName>(
    stage: S,
    flow: Flow,
    kinds: readonly StanzaKind[],
    owner: string,
    handler: StageHandlers[S],
    { onlyWith, ...order }: StageInterest = {},
  ): void {
    const concerned = onlyWith === undefined ? handler : concernedBy(onlyWith, stage, handler);
    this.#entries.push({ stage, flow, kinds, owner, handler: concerned, onlyWith, ...order });
  }

  /** The table of a flow. Throws when `after` and `before` form a circle, with the names in it. */
  compile(flow: Flow): StageTable {
    return {
      message: this.#compileKind(flow, "message"),
      presence: this.#compileKind(flow, "presence"),
      iq: this.#compileKind(flow, "iq"),
    };
  }

  #compileKind(flow: Flow, kind: StanzaKind): Stages | undefined {
    const entries = this.#entries.filter((entry) => entry.flow === flow && entry.kinds.includes(kind));
    if (entries.length === 0) return undefined;
    const of = (stage: StageName): Entry[] => sortByName(entries.filter((entry) => entry.stage === stage));
    const interests = entries.map(({ onlyWith }) => onlyWith);
    return {
      onlyWith: interests.includes(undefined) ? undefined : interests.filter((each) => each !== undefined),
      stamp: of("stamp") as Registered<StampHandler>[],
      guard: of("guard") as Registered<GuardHandler>[],
      watch: (["archive", "copy", "notify"] as const).flatMap((stage) => of(stage)),
    };
  }
}

/** The handler is not asked about other stanzas, whoever else is interested in them. */
function concernedBy(
  { namespace, name }: ChildName,
  stage: StageName,
  handler: StageHandlers[StageName],
): (stanza: Stanza, account: Account) => never {
  // A stamp hands on what it does not change; all others have nothing to say of it.
  const unconcerned = (stanza: Stanza): unknown => (stage === "stamp" ? stanza : undefined);
  return (stanza, account) => (stanza.has(namespace, name) ? handler(stanza, account) : unconcerned(stanza)) as never; // what `stage` returns
}
