// A message to all as extensions meet it: while it is kept, when it is sent, and when it is taken back.
import type { Stanza } from "../../src/extension/index.js";
import type { Occupant } from "./occupant.js";
import type { Room } from "./room.js";

/** A message that everybody in the room is sent. */
export interface RoomMessage {
  /** Undefined for one of the room's own. */
  readonly occupant: Occupant | undefined;
  readonly stanza: Stanza;
  /** By which the room calls it (XEP-0359); undefined for one that is not kept. */
  readonly id: string | undefined;
}

/**
 * Stores something together with a message as it is kept: after a crash both are on disk, or neither, and nobody is sent
 * the message before. Undefined when there is nothing to wait for.
 */
export type Alongside = (message: RoomMessage) => Promise<unknown> | undefined;

/** What is done about a message with something certain in it; resolves with what is to be stored alongside. */
export type MessageAction = (room: Room, occupant: Occupant, message: Stanza) => Promise<Alongside | undefined>;

/** What has become of a message that is to go: whether it went now or had gone before; unknown when there is none. */
export type TakenBack = "gone-now" | "gone-before" | "unknown";
