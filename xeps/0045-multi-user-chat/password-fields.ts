// The fields of the configuration form that are about the password of a room (XEP-0045 §10.1.3).
import { type ConfigurationField, readClaim, requireText, singleValue, unacceptable } from "./configuration-field.js";

const longestPassword = 255;

export const secret: ConfigurationField = {
  name: "muc#roomconfig_roomsecret",
  show: ({ password }) => ({ var: secret.name, type: "text-private", label: "Password", values: [password] }),
  read: (values, configuration) => {
    const password = singleValue(secret.name, values) ?? "";
    requireText(secret.name, password, { longest: longestPassword });
    return { ...configuration, password: password.trim() === "" ? "" : password }; // §10.1.3: a blank one is none
  },
};

/** Read after the password: a protected room must have one (§10.1.3), and an open one has none. */
export const isProtected: ConfigurationField = {
  name: "muc#roomconfig_passwordprotectedroom",
  show: ({ password }) => {
    const label = "Whether the password is needed to enter";
    return { var: isProtected.name, type: "boolean", label, values: [password === "" ? "0" : "1"] };
  },
  read: (values, configuration) => {
    const claim = readClaim(isProtected.name, values);
    if (claim === true && configuration.password === "") throw unacceptable(secret.name, "A password is needed.");
    return claim === false ? { ...configuration, password: "" } : configuration;
  },
};
