// XEP-0463: MUC Affiliations Versioning <https://xmpp.org/extensions/xep-0463.html>
import {
  attributeOf,
  buildStanza,
  type Element,
  extension,
  Jid,
  json,
  perHostMap,
  type Stanza,
  StanzaError,
  errorFor,
  xml,
} from "../src/extension/index.js";
import { isAdministrator, type Room, RoomValues, rooms, type Seat } from "./0045-multi-user-chat/index.js";
import { MUC, type MucItem, userElement } from "./payloads/0045-multi-user-chat.js";

/** As the text has it; the schema in §10 was left at :0. */
const NS = "urn:xmpp:muc:affiliations:1";
/** Changes that are remembered of a room; who knows only an older version is sent everything. */
const mostChanges = 200;
/** Items of one message. */
const mostItems = 100;

/** Whom the last changes were of: the one that led to version `number` comes last. */
interface Versions {
  readonly number: number;
  readonly changes: readonly string[];
}

export const mucAffiliationsVersioning = extension({
  xep: "0463",
  name: "muc-affiliations-versioning",
  version: "0.2.0",
  sentence: "Sends those who enter a room only what has changed in its lists since they were there last.",
  requires: [rooms],
  stores: { versions: perHostMap(json(isVersions)) },
  start(host) {
    const { hooks } = host.use(rooms);
    const known = new RoomValues(hooks, host.stores.versions);
    const of = (room: Room): Versions => known.of(room) ?? { number: 1, changes: [] };

    hooks.roomFeatures.push(() => [NS]);
    hooks.standingChanged.push((room, { jid }) => {
      const before = of(room);
      const changes = [...before.changes, jid.toString()].slice(-mostChanges);
      const after = { number: before.number + 1, changes };
      const element = xml("mav", { xmlns: NS, since: name(room, before.number), until: name(room, after.number) });
      return { element, stored: known.set(room, after) };
    });

    hooks.entering.push((room, seat, request) => {
      const asked = request.child(MUC, "x")?.getChild("mav", NS);
      if (asked !== undefined) answer(room, seat, request, attributeOf(asked, "since"));
    });
    hooks.selfPresence.push((room, occupant, request) => {
      const isAsked = request.child(MUC, "x")?.getChild("mav", NS) !== undefined;
      return isAsked && maySee(room, occupant.bare)
        ? xml("mav", { xmlns: NS, until: name(room, of(room).number) })
        : undefined;
    });

    /** §5.2.1 */
    function answer(room: Room, seat: Seat, request: Stanza, since: string | undefined): void {
      if (!maySee(room, seat.jid)) return room.send(refusal(room, request));
      const { number, changes } = of(room);
      if (since === name(room, number)) return;
      const missed = missedSince(room, since);
      const everybody = missed === undefined;
      const items = everybody ? allOf(room) : itemsOf(room, changes.slice(changes.length - missed));
      for (const message of messages(room, items, everybody ? undefined : since, name(room, number))) {
        room.send(message.readdressed(seat.jid));
      }
    }

    /** How many changes there were since then; undefined when that is not known. */
    function missedSince(room: Room, since: string | undefined): number | undefined {
      const { number, changes } = of(room);
      for (let missed = 1; missed <= changes.length; missed += 1)
        if (since === name(room, number - missed)) return missed;
      return undefined;
    }
  },
});

/** §5.2.3: who may ask for the lists may have them in this way, too. */
function maySee(room: Room, jid: Jid): boolean {
  const affiliation = room.affiliationOf(jid);
  if (isAdministrator(affiliation)) return true;
  return room.configuration.isNonAnonymous && affiliation === "member";
}

function refusal(room: Room, request: Stanza): Stanza {
  const message = buildStanza("message", { from: request.from, to: room.jid, id: request.id });
  return errorFor(message, new StanzaError("forbidden"));
}

/** Opaque; that of one room means nothing in another, nor in one that takes its name later. */
function name(room: Room, number: number): string {
  return `${room.createdAt.toString(36)}-${number.toString(36)}`;
}

function allOf(room: Room): readonly MucItem[] {
  return [...room.standings].flatMap(([jid, { affiliation }]) =>
    affiliation === "none" ? [] : [{ jid: Jid.parse(jid), affiliation }],
  );
}

function itemsOf(room: Room, jids: readonly string[]): readonly MucItem[] {
  return [...new Set(jids)].map((jid) => ({
    jid: Jid.parse(jid),
    affiliation: room.standings.get(jid)?.affiliation ?? "none",
  }));
}

/** §5.2.1: several when one would be too long; only the first knows where it starts, only the last where it ends. */
function* messages(room: Room, items: readonly MucItem[], since: string | undefined, until: string): Iterable<Stanza> {
  for (let start = 0; start === 0 || start < items.length; start += mostItems) {
    const isLast = start + mostItems >= items.length;
    const mav: Element = xml("mav", {
      xmlns: NS,
      since: start === 0 ? since : undefined,
      until: isLast ? until : undefined,
    });
    const x = userElement(items.slice(start, start + mostItems), [], mav);
    yield buildStanza("message", { from: room.jid, id: crypto.randomUUID() }, x);
  }
}

function isVersions(value: unknown): value is Versions {
  if (typeof value !== "object" || value === null) return false;
  const { number, changes } = value as Partial<Record<keyof Versions, unknown>>;
  return typeof number === "number" && Array.isArray(changes) && changes.every((jid) => typeof jid === "string");
}
