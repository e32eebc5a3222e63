// Gives authentication the preparation of names and passwords that src/jid/ has.
import { passwordPreparation, type Preparation } from "../auth/preparation.js";
import { Jid, JidMalformed } from "../jid/jid.js";
import { prepareLocal } from "../jid/local.js";
import { opaqueString } from "../jid/opaque.js";
import { saslprep } from "../jid/saslprep.js";

export const preparation: Preparation = {
  localpart: (text) => orUndefined(() => prepareLocal(text)),
  password: passwordPreparation(
    (text) => orUndefined(() => saslprep(text)),
    (text) => orUndefined(() => opaqueString(text)),
  ),
  bareJid: (text) =>
    orUndefined(() => {
      const jid = Jid.parse(text);
      return jid.isBare && jid.local !== "" ? { host: jid.domain, user: jid.local } : undefined;
    }),
};

function orUndefined<T>(prepare: () => T): T | undefined {
  try {
    return prepare();
  } catch (error) {
    if (error instanceof JidMalformed) return undefined;
    throw error;
  }
}
