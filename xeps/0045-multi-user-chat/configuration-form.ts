// The form in which owners see and change the configuration of a room (XEP-0045 §10.1.3, §10.2, §15.5.3).
import { attributeOf, type Element, type Jid } from "../../src/extension/index.js";
import { type Field, formElement, type FormValues, valuesOf } from "../payloads/0004-data-forms.js";
import { MUC_ROOMCONFIG } from "../payloads/0045-multi-user-chat.js";
import type { RoomConfiguration } from "./configuration.js";
import { readAddresses } from "./configuration-addresses.js";
import { type ConfigurationField, unacceptable } from "./configuration-field.js";

export { type ConfigurationField, plainNameOf } from "./configuration-field.js";
export { standardFields } from "./standard-fields.js";

/** Bare addresses; what the form does not speak of is absent. */
export interface AffiliationLists {
  readonly owners?: readonly Jid[];
  readonly admins?: readonly Jid[];
}

const OWNERS = "muc#roomconfig_roomowners";
const ADMINS = "muc#roomconfig_roomadmins";
const mostAddresses = 1000;

/** The form with the present values; with the lists of admins and owners where they are given. */
export function configurationForm(
  title: string,
  configuration: RoomConfiguration,
  fields: readonly ConfigurationField[],
  { owners, admins }: AffiliationLists = {},
): Element {
  return formElement({ formType: MUC_ROOMCONFIG, title }, [
    ...fields.map((field) => field.show(configuration)),
    ...listField(ADMINS, "All admins of the room", admins),
    ...listField(OWNERS, "All owners of the room", owners),
  ]);
}

function listField(name: string, label: string, addresses: readonly Jid[] | undefined): readonly Field[] {
  if (addresses === undefined) return [];
  return [{ var: name, type: "jid-multi", label, values: addresses.map(String) }];
}

/**
 * The configuration that a submitted form asks for. Unknown fields are passed over; absent ones keep their value (§10.2).
 * @throws StanzaError not-acceptable
 */
export function readConfiguration(
  form: Element,
  before: RoomConfiguration,
  fields: readonly ConfigurationField[],
): RoomConfiguration {
  const values = valuesOf(form);
  const [formType = MUC_ROOMCONFIG] = values.get("FORM_TYPE") ?? [];
  if (formType !== MUC_ROOMCONFIG) throw unacceptable("FORM_TYPE", `This must be ${MUC_ROOMCONFIG}.`);
  return changedConfiguration(values, before, fields);
}

/** The same for values that come by another way than a form, by the names of the fields. */
export function changedConfiguration(
  values: FormValues,
  before: RoomConfiguration,
  fields: readonly ConfigurationField[],
): RoomConfiguration {
  return fields.reduce((configuration, field) => {
    const submitted = values.get(field.name);
    return submitted === undefined ? configuration : field.read(submitted, configuration);
  }, before);
}

/**
 * The full lists of admins and owners that a submitted form asks for; who is on both is an owner.
 * @throws StanzaError not-acceptable
 */
export function affiliationListsIn(form: Element): AffiliationLists {
  const values = valuesOf(form);
  const owners = addressesIn(values, OWNERS);
  const admins = addressesIn(values, ADMINS)?.filter((jid) => owners?.includes(jid) !== true);
  return { ...(owners !== undefined && { owners }), ...(admins !== undefined && { admins }) };
}

function addressesIn(values: FormValues, name: string): readonly Jid[] | undefined {
  const texts = values.get(name);
  return texts === undefined ? undefined : readAddresses(name, texts, mostAddresses);
}

/** Whether a submitted form changes nothing: the owner takes the default configuration (§10.1.2). */
export function isInstantRoom(form: Element): boolean {
  return attributeOf(form, "type") === "submit" && [...valuesOf(form).keys()].every((name) => name === "FORM_TYPE");
}
