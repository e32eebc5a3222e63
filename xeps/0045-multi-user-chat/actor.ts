// Who is behind a change in a room, and when the others are told of it.
import type { Jid } from "../../src/extension/index.js";

/** Absent where it is the room itself, or the operator. */
export interface Actor {
  readonly jid: Jid;
  /** Their nickname, when they are in the room. */
  readonly nick?: string | undefined;
}

/** What is told once whoever asked for the change has been answered. */
export type Afterwards = (job: () => void) => void;
