// What comes to the service: for itself, for a room, or for an occupant; and who deals with it.
import { type Jid, type Service, type Stanza, StanzaError } from "../../src/extension/index.js";
import { MUC } from "../payloads/0045-multi-user-chat.js";
import { answerIq } from "./answer-iq.js";
import { type Creation, createAndEnter } from "./creation.js";
import type { Directory } from "./directory.js";
import { isTooLongToShow } from "./floods.js";
import { actionOf } from "./groupchat.js";
import { receivePresence } from "./receive-presence.js";
import { receiveMessage } from "./receive-message.js";
import { receiveIq } from "./receive-iq.js";
import { refusalOf } from "./refusal.js";
import type { Room, RoomSurroundings } from "./room.js";

/** What may wait in one room for a message that is being stored, or for somebody who is entering. */
const mostWaiting = 1000;

export class RoomService implements Service {
  constructor(
    private readonly directory: Directory,
    private readonly surroundings: RoomSurroundings,
    private readonly creation: Creation,
  ) {}

  receive(stanza: Stanza): void | Promise<void> {
    return isRequestToEnter(stanza) ? this.#admit(stanza) : this.#receive(stanza);
  }

  #admit(request: Stanza): void | Promise<void> {
    try {
      return this.#receive(request)?.catch((error: unknown) => this.#refuse(request, error));
    } catch (error) {
      this.#refuse(request, error);
    }
  }

  #refuse(request: Stanza, error: unknown): void {
    if (!(error instanceof StanzaError)) throw error;
    this.surroundings.service.send(refusalOf(request, error));
  }

  #receive(stanza: Stanza): void | Promise<void> {
    const to = stanza.to as Jid;
    if (stanza.kind === "presence" && stanza.type === "error") this.surroundings.farewells.returned(stanza);
    if (to.local === "") return this.#forService(stanza);
    const room = this.directory.ready(to.local);
    if (room !== undefined) return this.#inRoom(room, stanza);
    return this.directory.with(to.bare, (found) => this.#inRoomOrNone(found, stanza), this.#foreseen(stanza));
  }

  #forService(stanza: Stanza): void | Promise<void> {
    if (stanza.kind === "presence") return undefined;
    if (stanza.kind === "message") throw new StanzaError("service-unavailable");
    if (stanza.type !== "get" && stanza.type !== "set") return undefined;
    const { service, hooks } = this.surroundings;
    return answerIq(service, stanza, hooks.serviceIqs, (request) => request);
  }

  #inRoomOrNone(room: Room | undefined, stanza: Stanza): void | Promise<void> {
    if (room !== undefined) return this.#inRoom(room, stanza);
    if (isRequestToEnter(stanza)) return createAndEnter(this.creation, stanza);
    if (stanza.kind === "presence" && stanza.type !== undefined) return undefined;
    throw new StanzaError("item-not-found"); // §17.2
  }

  #inRoom(room: Room, stanza: Stanza): void | Promise<void> {
    const { sequence } = room;
    if (sequence.waiting >= mostWaiting) requirePatience(room, stanza);
    const job = (): void | Promise<void> => this.#inTurn(room, stanza);
    const isToAll = stanza.kind === "message" && stanza.type === "groupchat";
    // The first one in a new room may unlock it, which has to be stored before anybody enters.
    return isToAll && !room.isLocked && actionOf(room, stanza) === undefined
      ? sequence.overlapping(job)
      : sequence.alone(job);
  }

  /** What has waited for a room that is gone by then finds what there is now: another of its name, or none. */
  #inTurn(room: Room, stanza: Stanza): void | Promise<void> {
    const from = stanza.from as Jid;
    if (stanza.kind === "presence") for (const waiting of [room.arriving, room.departing]) waiting.delete(from);
    return room.isDestroyed ? this.receive(stanza) : handle(room, stanza);
  }

  /** Who enters a room that has to be looked for may be about to make it: how many they own is read meanwhile. */
  #foreseen(stanza: Stanza): Promise<unknown> | undefined {
    return isRequestToEnter(stanza) ? this.creation.prepare((stanza.from as Jid).bare) : undefined;
  }
}

function handle(room: Room, stanza: Stanza): void | Promise<void> {
  if (stanza.kind === "message") return receiveMessage(room, stanza);
  if (stanza.kind === "presence") return receivePresence(room, stanza);
  return receiveIq(room, stanza);
}

/**
 * Where too much is waiting, those who come or go wait all the same, each session once; all else is refused. A session that
 * ends says so but once: if that were not heard, its ghost would stay. And after a restart all come back at the same time.
 */
function requirePatience(room: Room, stanza: Stanza): void {
  const jid = stanza.from as Jid;
  const mayLeave = isDeparture(stanza) && (room.seated.has(jid) || room.arriving.has(jid));
  const waiting = mayLeave ? room.departing : arrivalsFor(room, stanza);
  if (waiting === undefined || waiting.has(jid)) throw new StanzaError("resource-constraint");
  waiting.add(jid);
}

function arrivalsFor(room: Room, stanza: Stanza): Set<Jid> | undefined {
  const isAllowed = isRequestToEnter(stanza) && !isTooLongToShow(room, stanza);
  return isAllowed && room.arriving.size < room.surroundings.options.most_occupants ? room.arriving : undefined;
}

function isDeparture({ kind, type }: Stanza): boolean {
  return kind === "presence" && type === "unavailable";
}

/** §7.2.1, §17.3: available presence that says that it is one. */
function isRequestToEnter(stanza: Stanza): boolean {
  return stanza.kind === "presence" && stanza.type === undefined && stanza.has(MUC, "x");
}
