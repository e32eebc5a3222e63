// Reads the messages of SCRAM clients, by the grammar of RFC 5802 §7 and nothing beside it.

export type BindingFlag =
  { readonly kind: "none" } | { readonly kind: "unseen" } | { readonly kind: "used"; readonly type: string };

export interface ClientFirst {
  /** "n": the client can't bind; "y" (unseen): it can, and thinks that we can't; "p=…": it does. */
  readonly binding: BindingFlag;
  /** Up to and with its second comma, as sent: the client repeats it in `c=`. */
  readonly gs2Header: string;
  /** Everything behind the header, as sent. */
  readonly bare: string;
  /** "" when there is none. */
  readonly authzid: string;
  readonly user: string;
  readonly nonce: string;
}

export interface ClientFinal {
  readonly binding: Buffer;
  readonly nonce: string;
  readonly proof: Buffer;
  /** As sent. */
  readonly withoutProof: string;
}

// value-safe-char is everything but NUL, "=" and ","; value-char has "=" too; printable is ASCII without ",".
const SAFE = String.raw`[^\0=,]`;
const SASLNAME = `(?:${SAFE}|=2C|=3D)+`;
const NONCE = String.raw`[\x21-\x2b\x2d-\x7e]+`;
const EXTENSIONS = String.raw`((?:,[A-Za-z]=[^\0,]+)*)`;
const BASE64 = "[A-Za-z0-9+/=]*";

const CLIENT_FIRST = new RegExp(
  `^((?:p=([A-Za-z0-9.-]+)|n|y),(?:a=(${SASLNAME}))?,)(n=(${SASLNAME}),r=(${NONCE})${EXTENSIONS})$`,
  "u",
);
const CLIENT_FINAL = new RegExp(`^(c=(${BASE64}),r=(${NONCE})${EXTENSIONS}),p=(${BASE64})$`, "u");

/** Attributes with a meaning of their own have their places; "m" announces what we must refuse (RFC 5802 §5.1). */
const TAKEN = /,[aceimnprsv]=/;

/** Undefined for anything that is not a client-first-message. */
export function parseClientFirst(text: string): ClientFirst | undefined {
  const [, gs2Header, type, authzid = "", bare, user, nonce, extensions = ""] = CLIENT_FIRST.exec(text) ?? [];
  if (gs2Header === undefined || bare === undefined || user === undefined || nonce === undefined) return undefined;
  if (TAKEN.test(extensions)) return undefined;
  const binding = bindingFlag(gs2Header, type);
  return { binding, gs2Header, bare, authzid: unescape(authzid), user: unescape(user), nonce };
}

/** Undefined for anything that is not a client-final-message. */
export function parseClientFinal(text: string): ClientFinal | undefined {
  const [, withoutProof, sentBinding = "", nonce, extensions = "", sentProof = ""] = CLIENT_FINAL.exec(text) ?? [];
  const [binding, proof] = [decodeBase64(sentBinding), decodeBase64(sentProof)];
  if (withoutProof === undefined || nonce === undefined || TAKEN.test(extensions)) return undefined;
  if (binding === undefined || proof === undefined) return undefined;
  return { binding, nonce, proof, withoutProof };
}

/** Only the one canonical form of each value: padded, and with no stray bits before the padding (RFC 4648 §3.5). */
function decodeBase64(text: string): Buffer | undefined {
  const octets = Buffer.from(text, "base64");
  return octets.toString("base64") === text ? octets : undefined;
}

function bindingFlag(gs2Header: string, type: string | undefined): BindingFlag {
  if (type !== undefined) return { kind: "used", type };
  return { kind: gs2Header.startsWith("y") ? "unseen" : "none" };
}

/** The grammar has let through no other escapes. */
function unescape(saslname: string): string {
  return saslname.replaceAll("=2C", ",").replaceAll("=3D", "=");
}
