// The fields of the configuration form that say how many: occupants, messages of history (XEP-0045 §15.5.3).
import type { Field } from "../payloads/0004-data-forms.js";
import { type ConfigurationField, readInteger, singleValue } from "./configuration-field.js";

/** The most that can be asked for; the service may allow less. */
const mostHistory = 1000;
const mostOccupants = 100_000;

const occupantChoices = ["10", "20", "30", "50", "100", "200", "500", "1000"];

export const occupants: ConfigurationField = {
  name: "muc#roomconfig_maxusers",
  show: ({ mostOccupants: present }) => {
    const value = present === 0 ? "none" : String(present);
    const numbers = new Set([...occupantChoices, ...(present === 0 ? [] : [value])]);
    const choices = new Map([...numbers].map((number) => [number, number]));
    const field: Field = {
      var: occupants.name,
      type: "list-single",
      label: "Most occupants at a time",
      values: [value],
    };
    return { ...field, choices: choices.set("none", "No limit"), validation: { datatype: "xs:string", isOpen: true } };
  },
  read: (values, configuration) => {
    const value = singleValue(occupants.name, values)?.trim() ?? "";
    if (value === "") return configuration;
    const number = value === "none" ? 0 : readInteger(occupants.name, value, 0, mostOccupants);
    return { ...configuration, mostOccupants: number };
  },
};

export const history: ConfigurationField = {
  name: "muc#maxhistoryfetch",
  show: (configuration) => {
    const label = "Most messages of history that a newcomer is sent";
    const validation = { datatype: "xs:integer", range: { min: 0, max: mostHistory } } as const;
    return { var: history.name, type: "text-single", label, values: [String(configuration.mostHistory)], validation };
  },
  read: (values, configuration) => {
    const value = singleValue(history.name, values)?.trim() ?? "";
    if (value === "") return configuration;
    return { ...configuration, mostHistory: readInteger(history.name, value, 0, mostHistory) };
  },
};
