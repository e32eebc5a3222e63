// Certificates of every kind, good and bad, made in a millisecond: authorities, and what they issue.
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign, X509Certificate } from "node:crypto";
import {
  bits,
  context,
  integer,
  nothing,
  octets,
  oid,
  primitive,
  sequence,
  set,
  text,
  time,
  truth,
} from "./der-writer.js";

export type KeyKind = "P-256" | "P-384" | "P-224" | "secp256k1" | "RSA-2048" | "RSA-1024" | "Ed25519";

export interface Wishes {
  /** dNSName entries. */
  readonly dns?: readonly string[];
  /** id-on-dnsSRV: "_xmpp-server.verona.example". */
  readonly srv?: readonly string[];
  readonly xmppAddr?: readonly string[];
  readonly ip?: readonly Buffer[];
  readonly email?: readonly string[];
  /** Common name; the first DNS name when left out. "" for an empty subject. */
  readonly name?: string;
  /** Extended key usage; none when left out. */
  readonly usages?: readonly Usage[];
  /** Milliseconds. From a day ago to ninety days from now when left out. */
  readonly notBefore?: number;
  readonly notAfter?: number;
  /** basicConstraints: cA. For makeAuthority true when left out. */
  readonly isAuthority?: boolean;
  readonly pathLength?: number;
  /** Numbers of bits, digitalSignature being 0 and keyCertSign 5; [] leaves the extension out. */
  readonly keyUsage?: readonly number[];
  /** DNS subtrees, or DER of other GeneralNames. */
  readonly permitted?: readonly (string | Buffer)[];
  readonly excluded?: readonly (string | Buffer)[];
  readonly key?: KeyKind | Identity;
  readonly hash?: "sha256" | "sha1" | "sha384";
  /** More extensions, as DER. */
  readonly extensions?: readonly Buffer[];
}

export type Usage = "serverAuth" | "clientAuth" | "any" | "emailProtection";

/** A certificate and its key. */
export interface Identity {
  readonly certificate: X509Certificate;
  readonly key: KeyObject;
  readonly publicKey: KeyObject;
  readonly name: string;
  /** PEM. */
  readonly pem: string;
  readonly keyPem: string;
}

const day = 86_400_000;

/** An authority that has signed itself. */
export function makeAuthority(name = "Friar Laurence", wishes: Wishes = {}): Identity {
  return make(undefined, { name, isAuthority: true, keyUsage: [5, 6], ...wishes });
}

/** A certificate signed by `authority`; an authority of its own when `isAuthority` is set. */
export function issue(authority: Identity, wishes: Wishes): Identity {
  return make(authority, { keyUsage: wishes.isAuthority === true ? [5, 6] : [0], ...wishes });
}

/** A certificate for a server that nobody vouches for. */
export function signItself(wishes: Wishes): Identity {
  return make(undefined, { keyUsage: [0], ...wishes });
}

function make(authority: Identity | undefined, wishes: Wishes): Identity {
  const { key, publicKey } = keysFor(wishes.key);
  const name = wishes.name ?? wishes.dns?.[0] ?? "";
  const signer = authority?.key ?? key;
  const algorithm = algorithmFor(signer, wishes.hash ?? "sha256");
  const now = Date.now();
  const body = sequence(
    context(0, integer(2)),
    primitive(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    nameOf(authority?.name ?? name),
    sequence(time(wishes.notBefore ?? now - day), time(wishes.notAfter ?? now + 90 * day)),
    nameOf(name),
    publicKey.export({ type: "spki", format: "der" }),
    context(3, sequence(...extensionsFor(wishes), ...keyIdentifiers(publicKey, authority?.publicKey))),
  );
  const hash = signer.asymmetricKeyType === "ed25519" ? null : (wishes.hash ?? "sha256");
  const der = sequence(body, algorithm, primitive(0x03, Buffer.concat([Buffer.from([0]), sign(hash, body, signer)])));
  const certificate = new X509Certificate(der);
  const keyPem = key.export({ type: "pkcs8", format: "pem" }).toString();
  return { certificate, key, publicKey, name, pem: certificate.toString(), keyPem };
}

function keysFor(kind: KeyKind | Identity = "P-256"): { key: KeyObject; publicKey: KeyObject } {
  if (typeof kind === "object") return kind;
  const pair =
    kind === "Ed25519"
      ? generateKeyPairSync("ed25519")
      : kind.startsWith("RSA")
        ? generateKeyPairSync("rsa", { modulusLength: Number(kind.slice(4)) })
        : generateKeyPairSync("ec", { namedCurve: kind === "P-224" ? "secp224r1" : kind });
  return { key: pair.privateKey, publicKey: pair.publicKey };
}

function algorithmFor(key: KeyObject, hash: string): Buffer {
  if (key.asymmetricKeyType === "ed25519") return sequence(oid("1.3.101.112"));
  const rsa = { sha1: "1.2.840.113549.1.1.5", sha256: "1.2.840.113549.1.1.11", sha384: "1.2.840.113549.1.1.12" };
  const ec = { sha1: "1.2.840.10045.4.1", sha256: "1.2.840.10045.4.3.2", sha384: "1.2.840.10045.4.3.3" };
  const isRsa = key.asymmetricKeyType === "rsa";
  const identifier = oid((isRsa ? rsa : ec)[hash as keyof typeof rsa]);
  return isRsa ? sequence(identifier, nothing()) : sequence(identifier);
}

function nameOf(name: string): Buffer {
  return name === "" ? sequence() : sequence(set(sequence(oid("2.5.4.3"), text(name))));
}

function extensionsFor(wishes: Wishes): Buffer[] {
  const { usages, keyUsage = [], permitted, excluded } = wishes;
  const names = generalNames(wishes);
  const isConstrained = permitted !== undefined || excluded !== undefined;
  return [
    ...(wishes.isAuthority === undefined ? [] : [basicConstraints(wishes)]),
    ...(keyUsage.length === 0 ? [] : [extension("2.5.29.15", true, bits(keyUsage))]),
    ...(usages === undefined ? [] : [extension("2.5.29.37", false, sequence(...usages.map((u) => oid(usageIds[u]))))]),
    ...(names.length === 0 ? [] : [extension("2.5.29.17", wishes.name === "", sequence(...names))]),
    ...(isConstrained ? [nameConstraints(permitted, excluded)] : []),
    ...(wishes.extensions ?? []),
  ];
}

const usageIds: Record<Usage, string> = {
  serverAuth: "1.3.6.1.5.5.7.3.1",
  clientAuth: "1.3.6.1.5.5.7.3.2",
  emailProtection: "1.3.6.1.5.5.7.3.4",
  any: "2.5.29.37.0",
};

/** subjectKeyIdentifier, and authorityKeyIdentifier where somebody else has signed. */
function keyIdentifiers(own: KeyObject, signer: KeyObject | undefined): Buffer[] {
  const hash = (key: KeyObject) =>
    createHash("sha1")
      .update(key.export({ type: "spki", format: "der" }))
      .digest();
  const subject = extension("2.5.29.14", false, octets(hash(own)));
  return signer === undefined
    ? [subject]
    : [subject, extension("2.5.29.35", false, sequence(primitive(0x80, hash(signer))))];
}

export function extension(identifier: string, isCritical: boolean, value: Buffer): Buffer {
  return sequence(oid(identifier), ...(isCritical ? [truth()] : []), octets(value));
}

function basicConstraints({ isAuthority, pathLength }: Wishes): Buffer {
  const length = pathLength === undefined ? [] : [integer(pathLength)];
  return extension("2.5.29.19", true, isAuthority === true ? sequence(truth(), ...length) : sequence(...length));
}

export function nameConstraints(
  permitted: readonly (string | Buffer)[] = [],
  excluded: readonly (string | Buffer)[] = [],
  isCritical = true,
): Buffer {
  const subtrees = (list: readonly (string | Buffer)[]) =>
    list.map((base) => sequence(typeof base === "string" ? primitive(0x82, Buffer.from(base, "latin1")) : base));
  const parts = [permitted, excluded].flatMap((list, tag) =>
    list.length === 0 ? [] : [context(tag, ...subtrees(list))],
  );
  return extension("2.5.29.30", isCritical, sequence(...parts));
}

function generalNames({ dns = [], srv = [], xmppAddr = [], ip = [], email = [] }: Wishes): Buffer[] {
  const other = (identifier: string, value: Buffer): Buffer => context(0, oid(identifier), context(0, value));
  return [
    ...dns.map((name) => primitive(0x82, Buffer.from(name, "latin1"))),
    ...email.map((address) => primitive(0x81, Buffer.from(address, "latin1"))),
    ...ip.map((address) => primitive(0x87, address)),
    ...srv.map((name) => other("1.3.6.1.5.5.7.8.7", primitive(0x16, Buffer.from(name, "latin1")))),
    ...xmppAddr.map((jid) => other("1.3.6.1.5.5.7.8.5", text(jid))),
  ];
}
