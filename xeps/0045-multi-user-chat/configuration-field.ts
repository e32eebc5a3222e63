// The fields of a room's configuration form: each shows a part of the configuration, and reads it again.
import { StanzaError } from "../../src/extension/index.js";
import { booleanOf, type Field, integerOf } from "../payloads/0004-data-forms.js";
import type { RoomConfiguration } from "./configuration.js";

export interface ConfigurationField {
  /** As in the form. */
  readonly name: string;
  /** As it stands in the form, with the present value. */
  show(configuration: RoomConfiguration): Field;
  /**
   * The changed configuration.
   * @throws StanzaError not-acceptable, with a text that names the field
   */
  read(values: readonly string[], configuration: RoomConfiguration): RoomConfiguration;
}

/** The names of the parts of a configuration that are a `T`. */
export type PartOf<T> = {
  [Name in keyof RoomConfiguration]: RoomConfiguration[Name] extends T ? Name : never;
}[keyof RoomConfiguration];

/** The name of a field for people: without the prefixes that are the same everywhere, or say whose it is (XEP-0068 §3.4). */
export function plainNameOf(name: string): string {
  return name.replace(/^(?:\{[^}]*\})?(?:muc#)?(?:room(?:config|info)_)?/, "");
}

export function unacceptable(name: string, words: string): StanzaError {
  return new StanzaError("not-acceptable", { text: `${plainNameOf(name)}: ${words}` });
}

/** The value of a field that has one; undefined for none. */
export function singleValue(name: string, values: readonly string[]): string | undefined {
  if (values.length > 1) throw unacceptable(name, "Only one value is possible.");
  return values[0];
}

export function booleanField(name: string, label: string, part: PartOf<boolean>): ConfigurationField {
  return {
    name,
    show: (configuration) => ({ var: name, type: "boolean", label, values: [configuration[part] ? "1" : "0"] }),
    read: (values, configuration) => {
      const claim = readClaim(name, values);
      return claim === undefined ? configuration : { ...configuration, [part]: claim };
    },
  };
}

/** True or false; undefined for no value. */
export function readClaim(name: string, values: readonly string[]): boolean | undefined {
  const value = singleValue(name, values);
  const claim = value === undefined ? undefined : booleanOf(value);
  if (value !== undefined && claim === undefined) throw unacceptable(name, "This must be true or false.");
  return claim;
}

export interface TextLimits {
  readonly longest: number;
  /** Whether it may have several lines; one otherwise. */
  readonly hasLines?: boolean;
  /** What it must look like, if it isn't empty, and the words for that. */
  readonly pattern?: readonly [RegExp, string];
}

/** A text, without the spaces around it. */
export function textField(name: string, label: string, part: PartOf<string>, limits: TextLimits): ConfigurationField {
  return {
    name,
    show: (configuration) => ({ var: name, type: "text-single", label, values: [configuration[part]] }),
    read: (values, configuration) => {
      const value = (singleValue(name, values) ?? "").trim();
      requireText(name, value, limits);
      return { ...configuration, [part]: value };
    },
  };
}

export function requireText(name: string, value: string, { longest, hasLines = false, pattern }: TextLimits): void {
  if (value.length > longest) throw unacceptable(name, `At most ${longest} characters are possible.`);
  if (!hasLines && /[\r\n]/.test(value)) throw unacceptable(name, "This must be a single line.");
  if (pattern !== undefined && value !== "" && !pattern[0].test(value)) throw unacceptable(name, pattern[1]);
}

/** A whole number within bounds. */
export function readInteger(name: string, value: string, min: number, max: number): number {
  const number = integerOf(value);
  if (number === undefined || number < min || number > max)
    throw unacceptable(name, `This must be a whole number from ${min} to ${max}.`);
  return number;
}

/** One of some values. */
export function choiceField<Value extends string>(
  name: string,
  label: string,
  choices: ReadonlyMap<Value, string>,
  get: (configuration: RoomConfiguration) => Value,
  set: (value: Value) => Partial<RoomConfiguration>,
): ConfigurationField {
  return {
    name,
    show: (configuration) => ({ var: name, type: "list-single", label, values: [get(configuration)], choices }),
    read: (values, configuration) => {
      const value = singleValue(name, values);
      return value === undefined ? configuration : { ...configuration, ...set(oneOf(name, value.trim(), choices)) };
    },
  };
}

/** Some, all or none of some values, in the order of the choices. */
export function choicesField<Value extends string>(
  name: string,
  label: string,
  choices: ReadonlyMap<Value, string>,
  part: PartOf<readonly Value[]>,
): ConfigurationField {
  return {
    name,
    show: (configuration) => ({ var: name, type: "list-multi", label, values: configuration[part] as readonly string[], choices }), // prettier-ignore
    read: (values, configuration) => {
      const named = values.map((value) => value.trim()).filter((value) => value !== "");
      const chosen = new Set(named.map((value) => oneOf(name, value, choices)));
      return { ...configuration, [part]: [...choices.keys()].filter((value) => chosen.has(value)) };
    },
  };
}

function oneOf<Value extends string>(name: string, value: string, choices: ReadonlyMap<Value, string>): Value {
  for (const choice of choices.keys()) if (choice === value) return choice;
  throw unacceptable(name, `This must be one of: ${[...choices.keys()].join(", ")}.`);
}
