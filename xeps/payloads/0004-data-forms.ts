// XEP-0004: Data Forms, version 2.13.2 <https://xmpp.org/extensions/xep-0004.html>
import { attributeOf, type Element, Jid, JidMalformed, type Stanza, xml } from "../../src/extension/index.js";
import { type Validation, validateElement } from "./0122-data-forms-validation.js";

const NS = "jabber:x:data";

export type FieldType =
  | "boolean"
  | "fixed"
  | "hidden"
  | "jid-multi"
  | "jid-single"
  | "list-multi"
  | "list-single"
  | "text-multi"
  | "text-private"
  | "text-single";

export interface Field {
  readonly var: string;
  /** Absent in results whose reader knows the field (§3.3). */
  readonly type?: FieldType;
  readonly label?: string;
  /** More words for whoever fills it in. */
  readonly description?: string;
  readonly values?: readonly string[];
  /** What lists offer: the value, and the words for it. */
  readonly choices?: ReadonlyMap<string, string>;
  readonly isRequired?: boolean;
  readonly validation?: Validation;
}

export interface FormHeading {
  /** XEP-0068: what the fields' names mean. */
  readonly formType: string;
  readonly title?: string;
  readonly instructions?: string;
}

/** A form to be filled in. */
export function formElement({ formType, title, instructions }: FormHeading, fields: readonly Field[]): Element {
  const heading = [title && xml("title", {}, title), instructions && xml("instructions", {}, instructions)];
  return xml("x", { xmlns: NS, type: "form" }, heading, [typeField(formType), ...fields].map(fieldElement));
}

/** Data that is told, such as extended service discovery information (XEP-0128). */
export function resultForm(formType: string, fields: readonly Field[]): Element {
  return xml("x", { xmlns: NS, type: "result" }, [typeField(formType), ...fields].map(fieldElement));
}

/** §3.4: results as a table. Each row has the values of the columns by their names; those of others are left out. */
export function resultTable(
  { formType, title }: Partial<FormHeading>,
  columns: readonly Field[],
  rows: Iterable<FormValues>,
): Element {
  const items = [...rows].map((row) => xml("item", {}, cellsOf(row, columns)));
  return xml(
    "x",
    { xmlns: NS, type: "result" },
    title && xml("title", {}, title),
    formType !== undefined && fieldElement(typeField(formType)),
    xml("reported", {}, columns.map(fieldElement)),
    items,
  );
}

function cellsOf(row: FormValues, columns: readonly Field[]): Element[] {
  return columns.map(({ var: name }) => fieldElement({ var: name, values: row.get(name) ?? [] }));
}

/** The values of a form by the names of its fields; `FORM_TYPE` is among them. */
export type FormValues = ReadonlyMap<string, readonly string[]>;

/** The first form of this type among the children of `parent`. */
export function formIn(parent: Element, type: "form" | "submit" | "result" | "cancel"): Element | undefined {
  return parent.getChildren("x", NS).find((form) => attributeOf(form, "type") === type);
}

/** What a form says. Of two fields with the same name the first counts. */
export function valuesOf(form: Element): FormValues {
  const values = new Map<string, readonly string[]>();
  for (const field of form.getChildren("field")) {
    const name = attributeOf(field, "var") ?? "";
    if (!values.has(name))
      values.set(
        name,
        field.getChildren("value").map((value) => value.getText()),
      );
  }
  return values;
}

/** What a message with a form of this type (XEP-0068) says that was filled in; undefined where there is none. */
export function submissionIn(message: Stanza, formType: string): FormValues | undefined {
  if (!message.has(NS, "x")) return undefined;
  const form = formIn(message.element(), "submit");
  const values = form === undefined ? undefined : valuesOf(form);
  return values?.get("FORM_TYPE")?.[0] === formType ? values : undefined;
}

/** Whether a field of type boolean says yes. */
export function isYes(values: FormValues, name: string): boolean {
  return booleanOf(values.get(name)?.[0] ?? "") === true;
}

/** The address that a field names; undefined for none, or what is none. */
export function addressOf(values: FormValues, name: string): Jid | undefined {
  try {
    return Jid.parse(values.get(name)?.[0] ?? "");
  } catch (error) {
    if (error instanceof JidMalformed) return undefined;
    throw error;
  }
}

/** A value of type boolean (§3.3); undefined for what is none. */
export function booleanOf(value: string): boolean | undefined {
  const text = value.trim();
  if (text === "true" || text === "1") return true;
  return text === "false" || text === "0" ? false : undefined;
}

/** A whole number that can be counted with; undefined for what is none. */
export function integerOf(value: string): number | undefined {
  const number = /^[+-]?\d+$/.test(value.trim()) ? Number(value) + 0 : NaN; // + 0 makes 0 of -0
  return Number.isSafeInteger(number) ? number : undefined;
}

function typeField(formType: string): Field {
  return { var: "FORM_TYPE", type: "hidden", values: [formType] };
}

function fieldElement(field: Field): Element {
  const { var: name, type, label, description, values = [], choices, isRequired, validation } = field;
  return xml(
    "field",
    { var: name, type, label },
    description !== undefined && xml("desc", {}, description),
    isRequired === true && xml("required"),
    validation !== undefined && validateElement(validation),
    values.map((value) => xml("value", {}, value)),
    [...(choices ?? [])].map(([value, words]) => xml("option", { label: words }, xml("value", {}, value))),
  );
}
