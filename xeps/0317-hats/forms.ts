// The forms of the commands, and their results (XEP-0317 §3.2 to §3.7).
import { type Element, Jid, JidMalformed, StanzaError } from "../../src/extension/index.js";
import { type Field, formElement, type FormValues, resultTable, valuesOf } from "../payloads/0004-data-forms.js";
import { commandError } from "../payloads/0050-ad-hoc-commands.js";
import { fieldNames, type Hat, valueIn } from "./hat.js";
import type { Wardrobe } from "./wardrobe.js";

/** §3.8 */
const formType = "urn:xmpp:hats:commands";

export function creationForm(): Element {
  return formElement({ formType, title: "Creating a Hat", instructions: "Fill out this form to create a hat." }, [
    { var: fieldNames.title, type: "text-single", label: "Hat title", isRequired: true },
    { var: fieldNames.uri, type: "text-single", label: "Hat URI", isRequired: true },
    { var: fieldNames.hue, type: "text-single", label: "Hat hue", description: "A colour: degrees from 0 to 360." },
  ]);
}

export function destructionForm({ hats }: Wardrobe): Element {
  const instructions = "Fill out this form to destroy a hat.";
  return formElement({ formType, title: "Destroying a Hat", instructions }, [choiceOf(hats)]);
}

export function assignmentForm(wardrobe: Wardrobe): Element {
  return wearerForm(wardrobe, "Assigning a Hat", "Fill out this form to assign a hat.");
}

export function removalForm(wardrobe: Wardrobe): Element {
  return wearerForm(wardrobe, "Removing a Hat", "Fill out this form to remove a hat from a user.");
}

function wearerForm({ hats }: Wardrobe, title: string, instructions: string): Element {
  const wearer: Field = { var: fieldNames.jid, type: "jid-single", label: "User address", isRequired: true };
  return formElement({ formType, title, instructions }, [wearer, choiceOf(hats)]);
}

function choiceOf(hats: readonly Hat[]): Field {
  const choices = new Map(hats.map(({ uri, title }) => [uri, title]));
  return { var: fieldNames.uri, type: "list-single", label: "Hat", isRequired: true, choices };
}

/** §3.4 */
export function hatsTable({ hats }: Wardrobe): Element {
  const columns = [fieldNames.title, fieldNames.uri, fieldNames.hue].map((name) => ({ var: name }));
  return resultTable({ title: "Hats List" }, columns, hats.map(cellsOf));
}

/** §3.7 */
export function wearersTable(wardrobe: Wardrobe): Element {
  const columns = [fieldNames.jid, fieldNames.uri, fieldNames.title, fieldNames.hue].map((name) => ({ var: name }));
  const rows = [...wardrobe.worn.keys()].flatMap((jid) =>
    wardrobe.wornBy(Jid.parse(jid)).map((hat) => new Map([[fieldNames.jid, [jid]], ...cellsOf(hat)])),
  );
  return resultTable({ title: "Assigned Hats List" }, columns, rows);
}

function cellsOf({ title, uri, hue }: Hat): Map<string, string[]> {
  const known: [string, string[]][] = [
    [fieldNames.title, [title]],
    [fieldNames.uri, [uri]],
  ];
  return new Map(hue === undefined ? known : [...known, [fieldNames.hue, [hue]]]);
}

/** @throws StanzaError bad-request, when it is the answer to another form */
export function answersOf(form: Element): FormValues {
  const values = valuesOf(form);
  const type = values.get("FORM_TYPE")?.[0];
  if (type !== undefined && type !== formType) throw commandError("bad-payload", "This is another form.");
  return values;
}

/** Whose hat it is: a user, whatever resource the form says. */
export function wearerIn(values: FormValues): Jid {
  const text = valueIn(values, fieldNames.jid, "The address is missing.");
  try {
    const jid = Jid.parse(text).bare;
    if (jid.local !== "") return jid;
  } catch (error) {
    if (!(error instanceof JidMalformed)) throw error;
  }
  throw new StanzaError("jid-malformed", { text: "Hats are for users: user@domain." });
}
