// What a scene consists of, once it is read.

export const characterKinds = ["Client", "Stream", "Browser", "Server", "Component"] as const;
export type CharacterKind = (typeof characterKinds)[number];

/** A character of a scene: who they are, and with which properties. */
export interface Character {
  readonly name: string;
  /**
   * `Client` logs in by itself; `Stream` does everything by hand; `Browser` speaks HTTP; `Server` is another server, on one
   * stream; `Component` is an external component (XEP-0114).
   */
  readonly kind: CharacterKind;
  readonly properties: ReadonlyMap<string, string>;
  readonly line: number;
}

/** One line of action, with the indented block below it. */
export interface Step {
  readonly line: number;
  readonly actor: string;
  /** What follows the name, without the final colon: `sends`, `receives stream error`. */
  readonly action: string;
  /** What follows the colon on the same line. */
  readonly argument: string;
  /** The block, without its indentation; empty when there is none. */
  readonly block: string;
}

/** One scene: one clause of a specification, shown by example. */
export interface Scene {
  /** Path below `scenes/` without `.scs`, such as `rfc6121/roster-get-empty`. */
  readonly id: string;
  readonly title: string;
  /** `RFC 6121`, `XEP-0199` … */
  readonly spec: string;
  readonly section: string;
  readonly level: string;
  readonly quote: string;
  /** What the server must advertise for the scene to be played at all; see the README. */
  readonly needs: readonly string[];
  readonly characters: readonly Character[];
  readonly steps: readonly Step[];
}
