// XEP-0502: MUC Activity Indicator <https://xmpp.org/extensions/xep-0502.html>
import { extension } from "../src/extension/index.js";
import { type Room, rooms } from "./0045-multi-user-chat/index.js";

const FIELD = "{urn:xmpp:muc-activity}message-activity";
const hour = 3_600_000;
/** Hours that count: §4 wants no more than 72. */
const hours = 24;

export const mucActivityIndicator = extension({
  xep: "0502",
  name: "muc-activity-indicator",
  version: "0.1.0",
  sentence: "Tells how many messages an hour are written in public rooms.",
  requires: [rooms],
  start(host) {
    const { hooks } = host.use(rooms);
    const counts = new WeakMap<Room, Activity>();

    hooks.messageSent.push((room, { stanza, occupant }) => {
      const isCounted = occupant !== undefined && stanza.has("jabber:client", "body");
      // §4: corrections (XEP-0308) don't count
      if (!isCounted || stanza.has("urn:xmpp:message-correct:0", "replace")) return;
      const activity = counts.get(room) ?? startOf(room);
      activity.count(host.clock.now());
    });
    hooks.roomInfo.push((room) => {
      if (!isPublished(room)) return [];
      const rate = (counts.get(room) ?? startOf(room)).rate(host.clock.now());
      return [{ var: FIELD, label: "Messages per hour", values: [rate.toFixed(2)] }];
    });

    /** Of a room that was not in memory: what its history tells. */
    function startOf(room: Room): Activity {
      const activity = new Activity();
      for (const { at, original } of room.history.items) if (original.has("jabber:client", "body")) activity.count(at);
      counts.set(room, activity);
      return activity;
    }
  },
});

/** §3, §8: of rooms that everybody may see and enter, and that last. */
function isPublished({ configuration }: Room): boolean {
  const { isPersistent, isPublic, isMembersOnly, password } = configuration;
  return isPersistent && isPublic && !isMembersOnly && password === "";
}

/** One counter an hour, as §5 proposes: it takes the same room and time however much is written. */
class Activity {
  readonly #counters = new Uint32Array(hours);
  /** The hour since 1970 that the newest counter is for. */
  #latest = 0;

  count(at: number): void {
    const now = Math.floor(at / hour);
    this.#turn(now);
    if (now > this.#latest - hours) this.#counters[now % hours] = (this.#counters[now % hours] ?? 0) + 1;
  }

  /** Messages an hour. */
  rate(at: number): number {
    this.#turn(Math.floor(at / hour));
    return this.#counters.reduce((sum, count) => sum + count, 0) / hours;
  }

  #turn(now: number): void {
    if (now - this.#latest >= hours) this.#counters.fill(0);
    else for (let next = this.#latest + 1; next <= now; next += 1) this.#counters[next % hours] = 0;
    this.#latest = Math.max(this.#latest, now);
  }
}
