// Lists of addresses in the configuration form of a room.
import { Jid, JidMalformed } from "../../src/extension/index.js";
import { unacceptable } from "./configuration-field.js";

/**
 * Bare addresses of users, each once; empty lines are passed over.
 * @throws StanzaError not-acceptable, with a text that names the field
 */
export function readAddresses(name: string, values: readonly string[], most: number): readonly Jid[] {
  const texts = values.map((value) => value.trim()).filter((value) => value !== "");
  if (texts.length > most) throw unacceptable(name, `At most ${most} addresses are possible.`);
  return [...new Set(texts.map((text) => addressOf(name, text)))];
}

function addressOf(name: string, text: string): Jid {
  const jid = parsed(name, text).bare;
  if (jid.isDomain) throw unacceptable(name, `«${jid.domain}» is not the address of a user.`);
  return jid;
}

function parsed(name: string, text: string): Jid {
  try {
    return Jid.parse(text);
  } catch (error) {
    if (error instanceof JidMalformed) throw unacceptable(name, `«${text.slice(0, 100)}» is not an address.`);
    throw error;
  }
}
