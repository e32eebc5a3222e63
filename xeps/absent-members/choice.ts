// The owner's choice whether members may choose, and the member's.
import { type HostServices, type Jid, StanzaError } from "../../src/extension/index.js";
import {
  type ConfigurationField,
  extraOf,
  readClaim,
  type RegistrationField,
  type Room,
  type RoomConfiguration,
  type StandingRecord,
  withExtra,
} from "../0045-multi-user-chat/index.js";

// No XEP describes this. Tigase's server came first: its clients (Siskin, Beagle) and Prosody's
// mod_muc_offline_delivery know these two names. The owner's side of it has had no name so far.
export const FEATURE = "http://tigase.org/protocol/muc#offline";
const CHOICE = "{http://tigase.org/protocol/muc}offline";
const FIELD = "{http://tigase.org/protocol/muc}roomconfig_offline";

/** Whether the room lets its members choose: asked for every message. */
export function isOffered({ configuration }: Room): boolean {
  return isSet(configuration);
}

function isSet(configuration: RoomConfiguration): boolean {
  return extraOf(configuration, FIELD)?.[0] === "1";
}

export function hasChosen(standing: StandingRecord | undefined): standing is StandingRecord {
  return standing?.extra?.[CHOICE]?.[0] === "1";
}

export function withoutChoice(standing: StandingRecord): StandingRecord {
  const others = Object.entries(standing.extra ?? {}).filter(([name]) => name !== CHOICE);
  return { ...standing, extra: Object.fromEntries(others) };
}

export const offerField: ConfigurationField = {
  name: FIELD,
  show: (configuration) => ({
    var: FIELD,
    type: "boolean",
    label: "Let members get the messages while they are not in the room",
    values: [isSet(configuration) ? "1" : "0"],
  }),
  read(values, configuration) {
    const claim = readClaim(FIELD, values) ?? false;
    return claim === isSet(configuration) ? configuration : withExtra(configuration, FIELD, [claim ? "1" : "0"]);
  },
};

/** The host whose accounts may choose. */
export interface ChoosersHost extends Pick<HostServices, "sessionsOf"> {
  readonly jid: Jid;
}

/** How many may in one room, and how many in this one do now. */
export interface ChoiceLimit {
  readonly most: number;
  count(room: Room): number;
}

/** XEP-0045 §7.10: in the form with which one registers with the room. */
export function choiceField(host: ChoosersHost, limit: ChoiceLimit): RegistrationField {
  return {
    name: CHOICE,
    show(room, jid) {
      if (!isOffered(room) || jid.domain !== host.jid.domain) return undefined;
      const values = [hasChosen(room.standingOf(jid)) ? "1" : "0"];
      return { var: CHOICE, type: "boolean", label: "Get the messages while you are not in the room", values };
    },
    read(values, room, jid) {
      if (readClaim(CHOICE, values) !== true) return undefined;
      requireMayChoose(room, host, jid);
      if (!hasChosen(room.standingOf(jid)) && limit.count(room) >= limit.most) throw tooMany();
      return ["1"];
    },
  };
}

function requireMayChoose(room: Room, host: ChoosersHost, jid: Jid): void {
  const refused = (text: string): StanzaError => new StanzaError("not-allowed", { text });
  if (!isOffered(room)) throw refused("This room does not send messages to those who are not there.");
  const { domain } = host.jid;
  // Other servers refuse messages of type groupchat to a bare address (RFC 6121 §8.5.2.1.1).
  if (jid.domain !== domain) throw refused(`Only users of ${domain} can get messages while they are not there.`);
  if (host.sessionsOf(jid).some(({ account }) => !account.isStored)) throw refused("Nothing can be kept for you.");
}

function tooMany(): StanzaError {
  return new StanzaError("resource-constraint", { text: "Too many members of this room have chosen so already." });
}
