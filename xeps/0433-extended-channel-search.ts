// XEP-0433: Extended Channel Search <https://xmpp.org/extensions/xep-0433.html>
import { type Element, extension, Jid, RateLimit, StanzaError, xml } from "../src/extension/index.js";
import { type Listed, rooms, type ServiceIqRequest } from "./0045-multi-user-chat/index.js";
import { formElement, formIn, type FormValues, isYes, valuesOf } from "./payloads/0004-data-forms.js";
import { pageOf, pageRequestIn, setElement } from "./payloads/0059-result-set-management.js";

const NS = "urn:xmpp:channel-search:0:search";
const PARAMETERS = "urn:xmpp:channel-search:0:search-params";
const ERRORS = "urn:xmpp:channel-search:0:error";
const byOccupants = "{urn:xmpp:channel-search:0:order}nusers";
const byAddress = "{urn:xmpp:channel-search:0:order}address";

/** Rooms on one page. */
const mostItems = 100;
/** Characters of what is searched for, and words in it. */
const longestQuery = 200;
const mostWords = 10;
const shortestWord = 2;

export const extendedChannelSearch = extension({
  xep: "0433",
  name: "extended-channel-search",
  version: "0.1.0",
  sentence: "Finds public rooms of this host by words in their names, descriptions and addresses.",
  requires: [rooms],
  start(host) {
    const { hooks, listing, jid } = host.use(rooms);
    const searches = new RateLimit({ most: 30, interval: 60_000, clock: host.clock });
    hooks.features.add(NS);
    hooks.serviceIqs.set(`get ${NS} search`, (request) => {
      const form = formIn(request.payload, "submit");
      return form === undefined ? xml("search", { xmlns: NS }, searchForm()) : search(request, valuesOf(form));
    });

    async function search({ payload, from }: ServiceIqRequest, values: FormValues): Promise<Element> {
      const wanted = wantedBy(values);
      // §3.2.2.3
      if (!searches.take(from.bare.toString()))
        throw refusal("resource-constraint", "wait", "rate-limit", " retry-after='10'");
      const request = pageRequestIn(payload) ?? { most: undefined, after: undefined, before: undefined };
      const addressOf = ({ room }: Listed): string => Jid.of(room, jid.domain).toString();
      const found = (await listing.all()).filter((room) => isFound(wanted, room, addressOf(room)));
      if (wanted.key === byOccupants) found.sort((one, other) => other.occupants - one.occupants);
      const page = pageOf(found, request, mostItems, addressOf);
      const items = page.items.map((room) => itemElement(room, addressOf(room)));
      return xml("result", { xmlns: NS }, items, setElement(page, addressOf));
    }
  },
});

interface Wanted {
  /** In lower case; none for all rooms. */
  readonly words: readonly string[];
  readonly inName: boolean;
  readonly inDescription: boolean;
  readonly inAddress: boolean;
  readonly fewestOccupants: number;
  readonly hasOurType: boolean;
  readonly key: string;
}

function searchForm(): Element {
  return formElement({ formType: PARAMETERS, title: "Search for rooms" }, [
    { var: "q", type: "text-single", label: "Search for" },
    { var: "all", type: "boolean", label: "Return all entries (ignore search terms)", values: ["false"] },
    { var: "sinname", type: "boolean", label: "Search in name", values: ["true"] },
    { var: "sindescription", type: "boolean", label: "Search in description", values: ["true"] },
    { var: "sinaddr", type: "boolean", label: "Search in address", values: ["true"] },
    { var: "min_users", type: "text-single", label: "Minimum number of users", values: ["0"] },
    {
      var: "types",
      type: "list-multi",
      label: "Service types",
      values: ["xep-0045"],
      choices: new Map([["xep-0045", "Rooms (XEP-0045)"]]),
    },
    {
      var: "key",
      type: "list-single",
      label: "Sort results by",
      values: [byOccupants],
      choices: new Map([
        [byOccupants, "Number of online users"],
        [byAddress, "Address"],
      ]),
    },
  ]);
}

function wantedBy(values: FormValues): Wanted {
  const text = values.get("q")?.[0]?.trim() ?? "";
  const isAll = isTrue(values, "all", false);
  if (isAll && text !== "") throw refusal("bad-request", "modify", "conflicting-fields");
  if (!isAll && text === "") throw refusal("bad-request", "cancel", "no-search-conditions");
  const key = values.get("key")?.[0] ?? byOccupants;
  if (key !== byOccupants && key !== byAddress) throw refusal("feature-not-implemented", "modify", "invalid-sort-key");
  const types = values.get("types");
  return {
    words: isAll ? [] : wordsOf(text),
    inName: isTrue(values, "sinname", true),
    inDescription: isTrue(values, "sindescription", true),
    // §5.1 says sinaddress, the form in §3.2.1 sinaddr
    inAddress: isTrue(values, "sinaddr", true) && isTrue(values, "sinaddress", true),
    fewestOccupants: Number.parseInt(values.get("min_users")?.[0] ?? "0", 10) || 0,
    hasOurType: types === undefined || types.length === 0 || types.includes("xep-0045"),
    key,
  };
}

function isTrue(values: FormValues, name: string, preset: boolean): boolean {
  return values.get(name)?.[0] === undefined ? preset : isYes(values, name);
}

function wordsOf(text: string): readonly string[] {
  const words = text.slice(0, longestQuery).toLowerCase().split(/\s+/u);
  const usable = words.filter((word) => [...word].length >= shortestWord).slice(0, mostWords);
  if (usable.length > 0) return usable;
  const why = `Search terms need at least ${shortestWord} characters.`;
  throw refusal("bad-request", "modify", "invalid-search-terms", "", why);
}

function isFound(wanted: Wanted, room: Listed, address: string): boolean {
  if (!wanted.hasOurType || room.occupants < wanted.fewestOccupants) return false;
  const texts = [
    ...(wanted.inName ? [room.name] : []),
    ...(wanted.inDescription ? [room.description] : []),
    ...(wanted.inAddress ? [address] : []),
  ].map((text) => text.toLowerCase());
  return wanted.words.every((word) => texts.some((text) => text.includes(word)));
}

/** §5.2 */
function itemElement(room: Listed, address: string): Element {
  const { name, description, language, occupants, isOpen, isNonAnonymous } = room;
  return xml(
    "item",
    { address },
    xml("name", {}, name === "" ? room.room : name),
    description !== "" && xml("description", {}, description),
    language !== "" && xml("language", {}, language),
    xml("nusers", {}, occupants),
    xml("service-type", {}, "xep-0045"),
    xml("is-open", {}, String(isOpen)),
    xml("anonymity-mode", {}, isNonAnonymous ? "{urn:xmpp:channel-search:0:anonymity}none" : "muc_semianonymous"),
  );
}

function refusal(
  condition: "bad-request" | "feature-not-implemented" | "resource-constraint",
  type: "modify" | "cancel" | "wait",
  reason: string,
  attributes = "",
  text?: string,
): StanzaError {
  const application = `<${reason} xmlns='${ERRORS}'${attributes}/>`;
  return new StanzaError(condition, { type, application, ...(text === undefined ? {} : { text }) });
}
