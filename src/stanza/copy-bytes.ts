// The bytes of a stanza for one of many: a beginning of its own, and all behind it, which is encoded once for everybody.
import type { Jid } from "../jid/jid.js";
import type { StanzaKind } from "./stanza.js";

type Starts = Readonly<Record<StanzaKind, string>>;

/** What stands before the recipient's address, by the namespace that is declared: ready, for each copy needs it. */
const startsByNamespace = new Map<string | undefined, Starts>();

/** `namespace`: to be declared, where a stream does not. `rest`: all that follows the address, in UTF-8. */
export function bytesOfCopy(kind: StanzaKind, namespace: string | undefined, to: Jid, rest: Buffer): Buffer {
  const start = startsFor(namespace)[kind];
  const { attribute, isAscii } = to;
  const restAt = start.length + (isAscii ? attribute.length : Buffer.byteLength(attribute));
  const bytes = Buffer.allocUnsafe(restAt + rest.length);
  putAscii(start, bytes, 0);
  if (isAscii) putAscii(attribute, bytes, start.length);
  else bytes.write(attribute, start.length);
  bytes.set(rest, restAt);
  return bytes;
}

/** A loop of our own: for so few characters a call out of JavaScript costs more. */
function putAscii(text: string, bytes: Buffer, at: number): void {
  for (let index = 0; index < text.length; index += 1) bytes[at + index] = text.charCodeAt(index);
}

function startsFor(namespace: string | undefined): Starts {
  let starts = startsByNamespace.get(namespace);
  if (starts === undefined) startsByNamespace.set(namespace, (starts = makeStarts(namespace)));
  return starts;
}

function makeStarts(namespace: string | undefined): Starts {
  const declared = namespace === undefined ? "" : ` xmlns='${namespace}'`;
  return { message: `<message${declared} to='`, presence: `<presence${declared} to='`, iq: `<iq${declared} to='` };
}
