// XEP-0500: MUC Slow Mode <https://xmpp.org/extensions/xep-0500.html>
import { extension, StanzaError } from "../src/extension/index.js";
import {
  type ConfigurationField,
  extraOf,
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

export const mucSlowMode = extension({
  xep: "0500",
  name: "muc-slow-mode",
  version: "0.1.1",
  sentence: "Lets owners of rooms have everybody wait between two messages.",
  requires: [rooms],
  start(host) {
    const { hooks } = host.use(rooms);
    /** When somebody last spoke, by bare JID: they can't get round it by leaving and coming back. */
    const spoken = new WeakMap<Room, Map<string, number>>();

    hooks.fields.push(slowModeField);
    hooks.roomInfo.push((room) => [
      { var: "muc#roominfo_slow_mode_duration", type: "text-single", values: [String(durationOf(room))] },
    ]);
    hooks.messageGuards.push((room, occupant, message) => {
      const duration = durationOf(room);
      if (duration === 0 || isExempt(occupant) || !message.has("jabber:client", "body")) return undefined;
      return hold(room, occupant, duration);
    });

    function hold(room: Room, { bare }: Occupant, duration: number): StanzaError | undefined {
      const now = host.clock.now();
      const times = timesOf(room, now - duration * 1000);
      const left = (times.get(bare.toString()) ?? -Infinity) + duration * 1000 - now;
      if (left <= 0) return void times.set(bare.toString(), now);
      const text = `Slow mode: one message in ${duration} seconds. Wait for ${Math.ceil(left / 1000)} more.`;
      return new StanzaError("policy-violation", { type: "wait", text });
    }

    /** Those who have to wait for as long as anybody can have to. */
    function timesOf(room: Room, since: number): Map<string, number> {
      const times = spoken.get(room) ?? new Map<string, number>();
      spoken.set(room, times);
      // In the order in which they spoke: whoever may speak again is forgotten.
      for (const [jid, at] of times) {
        if (at > since) break;
        times.delete(jid);
      }
      return times;
    }
  },
});

/** §5: "Room administrators and owners MUST NOT be rate limited." */
function isExempt({ affiliation }: Occupant): boolean {
  return affiliation === "owner" || affiliation === "admin";
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
