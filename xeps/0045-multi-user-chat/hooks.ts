// What other extensions add to rooms: each list is empty until one of them is interested.
import type { Element, Jid, Stanza, StanzaError } from "../../src/extension/index.js";
import type { Field } from "../payloads/0004-data-forms.js";
import type { ConfigurationField } from "./configuration-form.js";
import type { RoomIqHandler, RoomIqRequest, ServiceIqHandler } from "./iq-requests.js";
import type { Occupant, Seat } from "./occupant.js";
import type { StandingRecord } from "./records.js";
import type { RegistrationField } from "./registration-fields.js";
import type { Room } from "./room.js";
import type { MessageAction, RoomMessage, TakenBack } from "./room-message.js";
import type { Affiliation } from "./standing.js";

/** What extensions add to what the occupant says, and to how it is shown. */
export interface Marks {
  readonly inMessages?: Element;
  readonly inPresence?: Element;
}

/** A change of what somebody is to the room. */
export interface StandingChange {
  /** Bare, or a domain. */
  readonly jid: Jid;
  readonly before: Affiliation;
  readonly after: Affiliation;
}

export interface Hooks {
  /** Features of the service and of every room. */
  readonly features: Set<string>;
  /** Further features of one room. */
  readonly roomFeatures: ((room: Room) => readonly string[])[];
  /** Fields of the room's extended information (§15.5.4). */
  readonly roomInfo: ((room: Room) => readonly Field[])[];
  /** Further fields of the configuration form; their values are in `configuration.extra`. */
  readonly fields: ConfigurationField[];
  /** What occupants may not say, by "namespace name": the room alone says that. */
  readonly reserved: Set<string>;
  /** Made once when somebody enters, and again after `room.remark`. */
  readonly marks: ((room: Room, occupant: Occupant) => Marks)[];
  /** May refuse what an occupant wants to say to all. */
  readonly messageGuards: ((room: Room, occupant: Occupant, stanza: Stanza) => StanzaError | undefined)[];
  /** May refuse what an occupant wants to say to another one. */
  readonly privateGuards: ((room: Room, occupant: Occupant, stanza: Stanza) => StanzaError | undefined)[];
  /** May refuse that somebody enters, changes how they are shown, or has people in the room told of them from outside. */
  readonly presenceGuards: ((room: Room, jid: Jid) => StanzaError | undefined)[];
  /**
   * By "namespace name" of what a message of an occupant's to all has in it: looks up what it needs before the message is
   * kept, and nothing else happens in the room meanwhile.
   */
  readonly messageActions: Map<string, MessageAction>;
  /**
   * Told of every message that is kept, as it is said. What they store of it before they return is on disk before anybody
   * sees it, and together with the history: after a crash both have it, or neither.
   */
  readonly messageKept: ((room: Room, message: RoomMessage) => Promise<void> | undefined)[];
  /**
   * Told of a message that had to wait, for the disk or for others, when it is about to be sent, and again when they have
   * stored something more, which is on disk before anybody sees it.
   */
  readonly messageDue: ((room: Room, message: RoomMessage) => Promise<void> | undefined)[];
  /** Told of every message that went to all, after it has gone. What they do about it is awaited before the next change. */
  readonly messageSent: ((room: Room, message: RoomMessage) => void | Promise<void>)[];
  /** Sends a newcomer what must come before all presence. */
  readonly entering: ((room: Room, seat: Seat, request: Stanza) => void)[];
  /** Sends a newcomer what comes right behind the presence that says that they are in. */
  readonly entered: ((room: Room, seat: Seat) => void)[];
  /** Added to the <x/> of the presence that tells a newcomer that they are in. */
  readonly selfPresence: ((room: Room, occupant: Occupant, request: Stanza) => Element | undefined)[];
  /**
   * Told of a change before occupants are. `element` is added to the <x/> that tells them; `stored` settles when what the
   * extension keeps of it is on disk; undefined when there is nothing to wait for.
   */
  readonly standingChanged: ((
    room: Room,
    change: StandingChange,
  ) => { readonly element: Element; readonly stored: Promise<void> | undefined } | undefined)[];
  /**
   * Takes a message out of the history at the operator's word and tells everybody to hide it, under this id of the room's.
   * The first one counts.
   */
  readonly takingBack: ((room: Room, id: string, reason: string | undefined) => Promise<TakenBack>)[];
  readonly registrationFields: RegistrationField[];
  /** Told of all that the room remembers of somebody from now on; undefined for nothing any more. */
  readonly remembered: ((room: Room, jid: Jid, standing: StandingRecord | undefined) => void)[];
  /** Awaited while a room is read from storage. */
  readonly loaded: ((room: Room) => Promise<void>)[];
  /** A temporary room is to be kept from now on: what an extension has in memory of it, too. */
  readonly kept: ((room: Room) => Promise<void>)[];
  /** Told of a room that goes out of memory: it can be read again, or is gone. */
  readonly forgotten: ((room: Room) => void)[];
  /** It is gone for good, and what an extension has stored of it goes, too. */
  readonly destroyed: ((room: Room) => Promise<void>)[];
  /** By "type namespace name". */
  readonly roomIqs: Map<string, RoomIqHandler>;
  readonly serviceIqs: Map<string, ServiceIqHandler>;
  /** Likewise for IQs of an occupant to its own address in the room; all others are handed on. */
  readonly ownIqs: Map<string, RoomIqHandler>;
  /** disco#info of a node of the room; undefined for those that it does not know. */
  readonly roomNodes: Map<string, (request: RoomIqRequest) => Element | Promise<Element>>;
  /** disco#items of a node of the room. */
  readonly roomItems: Map<string, (request: RoomIqRequest) => Element | Promise<Element>>;
  /** Handles a message to the room's own address that is not for all: true when it was one of its kind. */
  readonly roomMessages: ((room: Room, stanza: Stanza, occupant: Occupant | undefined) => boolean | Promise<boolean>)[];
}

export function noHooks(): Hooks {
  return {
    features: new Set(),
    roomFeatures: [],
    roomInfo: [],
    fields: [],
    reserved: new Set(),
    marks: [],
    messageGuards: [],
    privateGuards: [],
    presenceGuards: [],
    messageActions: new Map(),
    messageKept: [],
    messageDue: [],
    messageSent: [],
    entering: [],
    entered: [],
    selfPresence: [],
    standingChanged: [],
    takingBack: [],
    registrationFields: [],
    remembered: [],
    loaded: [],
    kept: [],
    forgotten: [],
    destroyed: [],
    roomIqs: new Map(),
    serviceIqs: new Map(),
    ownIqs: new Map(),
    roomNodes: new Map(),
    roomItems: new Map(),
    roomMessages: [],
  };
}
