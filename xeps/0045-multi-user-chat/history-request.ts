// How much of a room's history a newcomer wants (XEP-0045 §7.2.14), and which part of it that is.
import { attributeOf, type Element } from "../../src/extension/index.js";
import { MUC } from "../payloads/0045-multi-user-chat.js";
import { readDateTime } from "../payloads/0082-date-time.js";

/** Each limit that is absent does not limit. */
export interface HistoryRequest {
  readonly mostMessages?: number;
  readonly mostCharacters?: number;
  /** Milliseconds since 1970. */
  readonly since?: number;
}

export interface HistoryItem {
  /** When it was sent; milliseconds since 1970. */
  readonly at: number;
  /** Of the whole stanza as it will be sent. */
  readonly characters: number;
}

/**
 * What `<history/>` asks for. What can't be read is passed over: nobody is kept out for it.
 * @param muc the `<x xmlns='http://jabber.org/protocol/muc'/>` of the presence, if there is one
 * @param now milliseconds since 1970
 */
export function historyRequestOf(muc: Element | undefined, now: number): HistoryRequest {
  const history = muc?.getChild("history", MUC);
  if (history === undefined) return {};
  const mostMessages = countIn(history, "maxstanzas");
  const mostCharacters = countIn(history, "maxchars");
  const since = sinceIn(history, now);
  return {
    ...(mostMessages !== undefined && { mostMessages }),
    ...(mostCharacters !== undefined && { mostCharacters }),
    ...(since !== undefined && { since }),
  };
}

/** The later of both ways to say it: the smallest amount that meets all criteria. */
function sinceIn(history: Element, now: number): number | undefined {
  const seconds = countIn(history, "seconds");
  const moments = [
    seconds === undefined ? undefined : Math.max(0, now - seconds * 1000),
    readDateTime(attributeOf(history, "since")?.trim() ?? ""),
  ].filter((moment) => moment !== undefined);
  return moments.length === 0 ? undefined : Math.max(...moments);
}

/** A number as large as one likes is read as the largest. */
function countIn(history: Element, name: string): number | undefined {
  const text = attributeOf(history, name)?.trim() ?? "";
  return /^\+?\d+$/.test(text) ? Math.min(Number(text), Number.MAX_SAFE_INTEGER) : undefined;
}

/**
 * The end of the history that meets every limit, without gaps and with whole stanzas only.
 * @param history oldest first
 */
export function chosenHistory<Item extends HistoryItem>(
  history: readonly Item[],
  request: HistoryRequest,
): readonly Item[] {
  const { mostMessages = Infinity, mostCharacters = Infinity, since = -Infinity } = request;
  let [start, characters] = [history.length, 0];
  for (let index = history.length - 1; index >= 0; index -= 1) {
    const item = history[index];
    if (item === undefined || history.length - index > mostMessages || item.at < since) break;
    characters += item.characters;
    if (characters > mostCharacters) break;
    start = index;
  }
  return history.slice(start);
}
