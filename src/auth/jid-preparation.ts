// The preparation of names and passwords that src/jid/ has, for authentication.
import { Jid } from "../jid/jid.js";
import { prepareLocal } from "../jid/local.js";
import { JidMalformed, TextRefused } from "../jid/malformed.js";
import { opaqueString } from "../jid/opaque.js";
import { saslprep } from "../jid/saslprep.js";
import { passwordPreparation, type Preparation } from "./preparation.js";

export const preparation: Preparation = {
  localpart: (text) => unlessRefused(() => prepareLocal(text)),
  password: passwordPreparation(
    (text) => unlessRefused(() => saslprep(text)),
    (text) => unlessRefused(() => opaqueString(text)),
  ),
  bareJid: (text) => {
    const jid = unlessRefused(() => Jid.parse(text));
    return jid?.isBare === true && jid.local !== "" ? { host: jid.domain, user: jid.local } : undefined;
  },
};

function unlessRefused<T>(prepare: () => T): T | undefined {
  try {
    return prepare();
  } catch (error) {
    if (error instanceof JidMalformed || error instanceof TextRefused) return undefined;
    throw error;
  }
}
