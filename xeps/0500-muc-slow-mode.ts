// XEP-0500: MUC Slow Mode <https://xmpp.org/extensions/xep-0500.html>
import { extension, StanzaError } from "../src/extension/index.js";
import {
  type ConfigurationField,
  extraOf,
  isAdministrator,
  type Occupant,
  readInteger,
  type Room,
  type RoomConfiguration,
  rooms,
  singleValue,
  withExtra,
} from "./0045-multi-user-chat/index.js";

const FIELD = "muc#roomconfig_slow_mode_duration";
/** Seconds: longer pauses make no sense, a moderated room does. */
const longest = 86_400;
/** People of all rooms of whom it is remembered when they spoke; past it, who spoke the longest time ago need not wait. */
const mostSpeakers = 50_000;

export const mucSlowMode = extension({
  xep: "0500",
  name: "muc-slow-mode",
  version: "0.1.1",
  sentence: "Lets owners of rooms have everybody wait between two messages.",
  requires: [rooms],
  start(host) {
    const { hooks } = host.use(rooms);
    const speakers = new Speakers();

    hooks.fields.push(slowModeField);
    hooks.roomInfo.push((room) => [
      { var: "muc#roominfo_slow_mode_duration", type: "text-single", values: [String(durationOf(room))] },
    ]);
    // §5: "Room administrators and owners MUST NOT be rate limited."
    hooks.messageGuards.push((room, occupant, message) => {
      const duration = durationOf(room);
      if (duration === 0 || isAdministrator(occupant.affiliation) || !message.has("jabber:client", "body"))
        return undefined;
      return hold(keyOf(room, occupant), duration);
    });
    host.every(60_000, () => speakers.forgetAllowed(host.clock.now()));

    function hold(key: string, duration: number): StanzaError | undefined {
      const now = host.clock.now();
      const left = (speakers.lastOf(key) ?? -Infinity) + duration * 1000 - now;
      if (left <= 0) return speakers.note(key, now, duration * 1000);
      const text = `Slow mode: one message in ${duration} seconds. Wait for ${Math.ceil(left / 1000)} more.`;
      return new StanzaError("policy-violation", { type: "wait", text });
    }
  },
});

/** By bare JID: nobody gets round it by leaving and coming back. A later room of the same name is another one. */
function keyOf({ name, createdAt }: Room, { bare }: Occupant): string {
  return `${name} ${createdAt} ${bare.toString()}`;
}

/** When people last spoke: known beside the rooms, for these go out of memory when nobody is in them. */
class Speakers {
  /** By `keyOf`, in the order in which they spoke: milliseconds since 1970, and how long they had to wait then. */
  readonly #spoken = new Map<string, { readonly at: number; readonly pause: number }>();

  lastOf(key: string): number | undefined {
    return this.#spoken.get(key)?.at;
  }

  note(key: string, at: number, pause: number): undefined {
    this.#spoken.delete(key);
    this.#spoken.set(key, { at, pause });
    if (this.#spoken.size <= mostSpeakers) return;
    const [first] = this.#spoken.keys();
    if (first !== undefined) this.#spoken.delete(first);
  }

  /** Those who may speak again by now. */
  forgetAllowed(now: number): void {
    for (const [key, { at, pause }] of this.#spoken) if (at + pause <= now) this.#spoken.delete(key);
  }
}

/** Seconds; 0 when there is no slow mode. */
function durationOf({ configuration }: Room): number {
  return slowModeOf(configuration);
}

function slowModeOf(configuration: RoomConfiguration): number {
  return Number(extraOf(configuration, FIELD)?.[0] ?? 0);
}

const slowModeField: ConfigurationField = {
  name: FIELD,
  show: (configuration) => ({
    var: FIELD,
    type: "text-single",
    label: "Seconds that everybody waits between two messages",
    description: "0: no waiting.",
    validation: { datatype: "xs:integer", range: { min: 0, max: longest } },
    values: [String(slowModeOf(configuration))],
  }),
  read: (values, configuration) => {
    const seconds = readInteger(FIELD, singleValue(FIELD, values)?.trim() ?? "0", 0, longest);
    return withExtra(configuration, FIELD, [String(seconds)]);
  },
};
