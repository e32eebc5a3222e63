// The configuration of a room by the short names of its fields, as an operator types them.
import { nearest, OperationRefused, type RoomSetting, type RoomSettings } from "../../src/extension/index.js";
import type { Field, FieldType } from "../payloads/0004-data-forms.js";
import type { RoomConfiguration } from "./configuration.js";
import { changedConfiguration, type ConfigurationField, plainNameOf, standardFields } from "./configuration-form.js";
import type { Hooks } from "./hooks.js";

export function fieldsOf({ fields }: Hooks): readonly ConfigurationField[] {
  return [...standardFields, ...fields];
}

/** "moderated" for muc#roomconfig_moderatedroom: it goes without saying that it is the room's. */
function shortNameOf({ name }: ConfigurationField): string {
  const plain = plainNameOf(name);
  return plain.replace(/^room(?=.)|(?<=.)room$/, "");
}

export function settingsOf(
  fields: readonly ConfigurationField[],
  configuration: RoomConfiguration,
): readonly RoomSetting[] {
  return fields.map((field) => {
    const shown = field.show(configuration);
    return { name: shortNameOf(field), sentence: shown.label ?? "", values: plainValues(shown) };
  });
}

function plainValues({ type, values = [] }: Field): readonly string[] {
  if (type === "boolean") return values.map((value) => (value === "1" || value === "true" ? "yes" : "no"));
  const given = values.filter((value) => value !== "");
  return type === "text-private" ? given.map(() => "(hidden)") : given;
}

/** The changed configuration. Throws OperationRefused for a name that is none, StanzaError for a value. */
export function withSettings(
  fields: readonly ConfigurationField[],
  before: RoomConfiguration,
  settings: RoomSettings,
): RoomConfiguration {
  const values = new Map<string, readonly string[]>();
  for (const [name, given] of settings) {
    const field = fieldNamed(fields, name);
    const { type } = field.show(before);
    values.set(
      field.name,
      given.flatMap((value) => written(type, value, name)),
    );
  }
  return changedConfiguration(values, before, fields);
}

function fieldNamed(fields: readonly ConfigurationField[], name: string): ConfigurationField {
  const found = fields.find((field) => [shortNameOf(field), plainNameOf(field.name), field.name].includes(name));
  if (found !== undefined) return found;
  const names = fields.map(shortNameOf);
  const meant = nearest(name, names);
  const advice = meant === undefined ? "" : ` Did you mean ${meant}?`;
  throw new OperationRefused(`A room has no setting ${name}.${advice} There are: ${names.join(", ")}.`);
}

/** As the form has it: people write "yes", and lists with commas. */
function written(type: FieldType | undefined, value: string, name: string): readonly string[] {
  if (type === "boolean") return [claimOf(value, name)];
  if (type === "list-multi" || type === "jid-multi") return value.split(",");
  return type === "text-multi" ? value.split("\n") : [value];
}

function claimOf(value: string, name: string): string {
  if (["yes", "on", "true", "1"].includes(value)) return "1";
  if (["no", "off", "false", "0"].includes(value)) return "0";
  throw new OperationRefused(`${name}: This must be yes or no.`);
}
