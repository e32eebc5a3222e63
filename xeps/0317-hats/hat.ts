// A hat: what it is called and looks like, how it is written, what a form must say to make one (XEP-0317 §3.1, §3.2).
import { type Element, xml } from "../../src/extension/index.js";
import type { FormValues } from "../payloads/0004-data-forms.js";
import { commandError } from "../payloads/0050-ad-hoc-commands.js";

export const HATS = "urn:xmpp:hats:0";

export interface Hat {
  /** Which hat it is. */
  readonly uri: string;
  /** What people are shown. */
  readonly title: string;
  /** Its colour: an angle in degrees (XEP-0392), as it was written. */
  readonly hue?: string;
}

export const fieldNames = { jid: "hats#jid", title: "hats#title", uri: "hats#uri", hue: "hats#hue" } as const;

/** Characters. */
const longestUri = 500;
const longestTitle = 100;

/** RFC 3986 §3: a scheme, and something behind it; nothing that a URI can't contain. */
const uriPattern = /^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"{}|\\^`]+$/;
const huePattern = /^\d{1,3}(?:\.\d{1,15})?$/;

/** §3.1 */
export function hatsElement(hats: readonly Hat[]): Element {
  return xml(
    "hats",
    { xmlns: HATS },
    hats.map(({ uri, title, hue }) => xml("hat", { uri, title, hue })),
  );
}

/**
 * The hat that a form describes.
 * @throws StanzaError bad-request, with <bad-payload/>
 */
export function hatIn(values: FormValues): Hat {
  const uri = uriIn(values);
  const title = valueIn(values, fieldNames.title, "The hat needs a title.");
  const hue = values.get(fieldNames.hue)?.[0]?.trim() ?? "";
  if (!uriPattern.test(uri)) throw commandError("bad-payload", "This is not a URI.");
  if (uri.length > longestUri) throw commandError("bad-payload", `A URI may have ${longestUri} characters.`);
  if (title.length > longestTitle) throw commandError("bad-payload", `A title may have ${longestTitle} characters.`);
  if (hue === "") return { uri, title };
  if (!huePattern.test(hue) || Number(hue) > 360) throw commandError("bad-payload", "A hue is a number up to 360.");
  return { uri, title, hue };
}

export function uriIn(values: FormValues): string {
  return valueIn(values, fieldNames.uri, "The hat's URI is missing.");
}

/** A value that must be there. */
export function valueIn(values: FormValues, name: string, otherwise: string): string {
  const value = values.get(name)?.[0]?.trim() ?? "";
  if (value === "") throw commandError("bad-payload", otherwise);
  return value;
}

export function isSameHat(one: Hat | undefined, other: Hat): boolean {
  return one !== undefined && one.title === other.title && one.hue === other.hue;
}

export function isListOfHats(value: unknown): value is readonly Hat[] {
  return Array.isArray(value) && value.every(isHat);
}

function isHat(value: unknown): value is Hat {
  if (typeof value !== "object" || value === null) return false;
  const { uri, title, hue } = value as Partial<Record<keyof Hat, unknown>>;
  return typeof uri === "string" && typeof title === "string" && (hue === undefined || typeof hue === "string");
}
