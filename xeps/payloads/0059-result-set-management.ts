// XEP-0059: Result Set Management, version 1.0.0 <https://xmpp.org/extensions/xep-0059.html>
import { type Element, StanzaError, xml } from "../../src/extension/index.js";

export const NS = "http://jabber.org/protocol/rsm";

/** Which part of a list is asked for. */
export interface PageRequest {
  /** Items at most; undefined leaves it to us. */
  readonly most: number | undefined;
  readonly after: string | undefined;
  /** "" for the last page. */
  readonly before: string | undefined;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** How many items the whole list has. */
  readonly count: number;
  /** Where this page begins in it. */
  readonly index: number;
}

/** What a query says of pages; undefined when it says nothing. Throws <bad-request/> for a maximum that is none. */
export function pageRequestIn(query: Element): PageRequest | undefined {
  const set = query.getChild("set", NS);
  if (set === undefined) return undefined;
  const most = set.getChildText("max")?.trim();
  if (most !== undefined && most !== "" && !/^\d{1,9}$/.test(most)) throw new StanzaError("bad-request");
  return {
    most: most === undefined || most === "" ? undefined : Number(most),
    after: set.getChildText("after") ?? undefined,
    before: set.getChildText("before") ?? undefined,
  };
}

/** The part of the list that is asked for; `idOf` names the items, uniquely. §2.2: <item-not-found/> for a name that is none. */
export function pageOf<T>(
  list: readonly T[],
  { most, after, before }: PageRequest,
  limit: number,
  idOf: (item: T) => string,
): Page<T> {
  const size = Math.min(most ?? limit, limit);
  const placeOf = (id: string): number => {
    const place = list.findIndex((item) => idOf(item) === id);
    if (place === -1) throw new StanzaError("item-not-found");
    return place;
  };
  const start = after === undefined || after === "" ? 0 : placeOf(after) + 1;
  const end = before === undefined ? list.length : before === "" ? list.length : placeOf(before);
  const index = before === undefined ? start : Math.max(start, end - size);
  const items = list.slice(index, Math.min(end, index + size));
  return { items, count: list.length, index };
}

/** What the answer says of the page. */
export function setElement<T>({ items, count, index }: Page<T>, idOf: (item: T) => string): Element {
  const [first, last] = [items[0], items.at(-1)];
  return xml(
    "set",
    { xmlns: NS },
    first !== undefined && xml("first", { index }, idOf(first)),
    last !== undefined && xml("last", {}, idOf(last)),
    xml("count", {}, count),
  );
}
