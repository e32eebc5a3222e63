// Paths from certificates of other servers to authorities: our verdict, and OpenSSL's on the same chains.
import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { describe, test } from "node:test";
import { rootCertificates } from "node:tls";
import { readOrUndefined } from "../../src/net/certificate-fields.js";
import { type CertificateUse, judgePath, type PathProblem, TrustAnchors } from "../../src/net/certificate-path.js";
import { selfSigned } from "../../src/net/self-signed.js";
import {
  extension,
  type Identity,
  issue,
  makeAuthority,
  nameConstraints,
  signItself,
  type Wishes,
} from "./support/authority.js";
import { context, integer, oid, primitive, sequence, set, text } from "./support/der-writer.js";
import { opensslTrusts } from "./support/openssl-verify.js";

interface Case {
  readonly what: string;
  readonly chain: readonly Identity[];
  readonly anchors?: readonly Identity[];
  readonly use?: CertificateUse;
  /** Undefined: trusted. */
  readonly problem?: PathProblem;
  readonly says?: RegExp;
  /** Why OpenSSL sees it differently, where it does. */
  readonly unlikeOpenssl?: string;
}

const day = 86_400_000;
const now = Date.now();
const verona: Wishes = { dns: ["verona.example"], usages: ["serverAuth"] };

const laurence = makeAuthority("Friar Laurence");
const john = issue(laurence, { name: "Friar John", isAuthority: true, pathLength: 0 });
const peter = issue(laurence, { name: "Friar Peter", isAuthority: true });
const thomas = issue(peter, { name: "Friar Thomas", isAuthority: true });
const tybalt = makeAuthority("Tybalt");
const leaf = issue(john, verona);

/** `depth` authorities, each issued by the one before, and a certificate: own first. */
function descend(depth: number): Identity[] {
  const line: Identity[] = [];
  for (let number = 1; number <= depth; number += 1) {
    line.unshift(issue(line[0] ?? laurence, { name: `Friar ${number}`, isAuthority: true }));
  }
  return [issue(line[0] ?? laurence, verona), ...line];
}

function below(authority: Wishes, own: Wishes = verona): Identity[] {
  const middle = issue(laurence, { name: "Friar Lodowick", isAuthority: true, ...authority });
  return [issue(middle, own), middle];
}

const plain: readonly Case[] = [
  { what: "issued by an anchor", chain: [issue(laurence, verona)] },
  { what: "with an intermediate", chain: [leaf, john] },
  { what: "with the anchor sent along", chain: [leaf, john, laurence] },
  { what: "in any order", chain: [issue(thomas, verona), laurence, peter, thomas] },
  { what: "with foreign certificates in between", chain: [leaf, tybalt, thomas, john] },
  { what: "with a certificate twice", chain: [leaf, john, john, leaf] },
  { what: "six authorities deep, and the anchor", chain: descend(6) },
  {
    what: "seven authorities deep, and the anchor",
    chain: descend(7),
    problem: "untrusted",
    says: /too far from any authority/,
    unlikeOpenssl: "it goes a hundred deep",
  },
  { what: "for RSA keys", chain: below({ key: "RSA-2048" }, { ...verona, key: "RSA-2048" }) },
  { what: "for Ed25519 keys", chain: below({ key: "Ed25519" }) },
  { what: "for P-384 and SHA-384", chain: below({ key: "P-384", hash: "sha384" }, { ...verona, hash: "sha384" }) },
  { what: "without extended key usage", chain: [issue(laurence, { dns: ["verona.example"] })] },
  { what: "without key usage", chain: [issue(laurence, { ...verona, keyUsage: [] })] },
  {
    what: "without the intermediate",
    chain: [leaf],
    problem: "untrusted",
    says: /^The certificate of verona\.example was issued by “Friar John”, .*not sent.*full chain/,
  },
  {
    what: "of an authority that is not trusted",
    chain: [issue(tybalt, verona), tybalt],
    problem: "untrusted",
    says: /leads to the authority “Tybalt”, which is not trusted here/,
  },
  { what: "signed by itself", chain: [signItself(verona)], problem: "untrusted", says: /signed by itself/ },
  {
    what: "with an intermediate that only bears the name",
    chain: [leaf, issue(laurence, { name: "Friar John", isAuthority: true })],
    problem: "invalid",
    says: /says that it was issued by “Friar John”, but is not signed with that key/,
  },
  {
    what: "of one who bears the anchor's name",
    chain: [issue(makeAuthority("Friar Laurence"), verona)],
    problem: "invalid",
    says: /not signed with that key/,
  },
];

const dates: readonly Case[] = [
  {
    what: "expired",
    chain: [issue(laurence, { ...verona, notBefore: Date.UTC(2020, 0, 1), notAfter: Date.UTC(2021, 0, 1) })],
    problem: "expired",
    says: /^The certificate of verona\.example expired on 2021-01-01\. Its owner has to renew it\.$/,
  },
  {
    what: "not yet valid",
    chain: [issue(laurence, { ...verona, notBefore: now + day })],
    problem: "not-yet-valid",
    says: /valid only from/,
  },
  {
    what: "with an expired intermediate",
    chain: below({ notAfter: now - 1_000 }),
    problem: "expired",
    says: /^The certificate of the authority “Friar Lodowick” expired .*send a current one/,
  },
  {
    what: "with an expired anchor",
    ...(() => {
      const old = makeAuthority("Old Capulet", { notAfter: now - 1_000 });
      return { chain: [issue(old, verona)], anchors: [old] };
    })(),
    problem: "expired",
    says: /another authority/,
  },
  { what: "valid beyond 2050", chain: [issue(laurence, { ...verona, notAfter: Date.UTC(9999, 11, 31) })] },
];

const authorities: readonly Case[] = [
  {
    what: "signed by a server's certificate",
    chain: [issue(leaf, verona), leaf, john],
    problem: "invalid",
    says: /not that of an authority/,
  },
  {
    what: "signed by one that says cA FALSE",
    chain: below({ isAuthority: false, keyUsage: [5] }),
    problem: "invalid",
    says: /not that of an authority/,
  },
  {
    what: "signed by one without keyCertSign",
    chain: below({ keyUsage: [0, 6] }),
    problem: "invalid",
    says: /may not sign certificates/,
  },
  {
    what: "longer than pathLenConstraint allows",
    ...(() => {
      const second = issue(john, { name: "Friar Barnardine", isAuthority: true });
      return { chain: [issue(second, verona), second, john] };
    })(),
    problem: "invalid",
    says: /“Friar John” does not allow that many/,
  },
  {
    what: "longer than the anchor's pathLenConstraint allows",
    ...(() => {
      const root = makeAuthority("Prince Escalus", { pathLength: 0 });
      const second = issue(root, { name: "Benvolio", isAuthority: true });
      return { chain: [issue(second, verona), second], anchors: [root] };
    })(),
    problem: "invalid",
  },
  {
    what: "longer only by an authority's change of keys (self-issued)",
    ...(() => {
      const old = issue(laurence, { name: "Friar Lodowick", isAuthority: true, pathLength: 0 });
      const fresh = issue(old, { name: "Friar Lodowick", isAuthority: true, pathLength: 0 });
      return { chain: [issue(fresh, verona), fresh, old] };
    })(),
  },
];

const usages: readonly Case[] = [
  { what: "for servers only, of a client", chain: [leaf, john], use: "peer" },
  { what: "for clients, of a client", chain: [issue(laurence, { ...verona, usages: ["clientAuth"] })], use: "peer" },
  {
    what: "for clients, of a server",
    chain: [issue(laurence, { ...verona, usages: ["clientAuth"] })],
    problem: "wrong-usage",
    says: /not meant for TLS servers/,
  },
  {
    what: "for mail",
    chain: [issue(laurence, { ...verona, usages: ["emailProtection"] })],
    use: "peer",
    problem: "wrong-usage",
  },
  {
    what: "for anything",
    chain: [issue(laurence, { ...verona, usages: ["any"] })],
    unlikeOpenssl: "it wants serverAuth spelt out, RFC 5280 §4.2.1.12 takes anyExtendedKeyUsage for it",
  },
  { what: "below an authority for servers", chain: below({ usages: ["serverAuth"] }) },
  { what: "below an authority for mail", chain: below({ usages: ["emailProtection"] }), problem: "wrong-usage" },
  {
    what: "for clients below an authority for servers",
    chain: below({ usages: ["serverAuth"] }, { ...verona, usages: ["clientAuth"] }),
    use: "peer",
    problem: "wrong-usage",
  },
  {
    what: "with a key for certificates only",
    chain: [issue(laurence, { ...verona, keyUsage: [5, 6] })],
    problem: "wrong-usage",
    says: /digitalSignature/,
  },
  {
    what: "with a key for RSA key transport only",
    chain: [issue(laurence, { ...verona, keyUsage: [2] })],
    problem: "wrong-usage",
    unlikeOpenssl: "it still has suites with key transport, we have none",
  },
];

const strengths: readonly Case[] = [
  {
    what: "signed with SHA-1",
    chain: [issue(laurence, { ...verona, hash: "sha1" })],
    problem: "invalid",
    says: /outdated method/,
  },
  { what: "below one signed with SHA-1", chain: below({ hash: "sha1" }), problem: "invalid" },
  {
    what: "of an anchor that signed itself with SHA-1",
    ...(() => {
      const old = makeAuthority("Old Montague", { hash: "sha1" });
      return { chain: [issue(old, verona)], anchors: [old] };
    })(),
  },
  {
    what: "with a key of RSA 1024",
    chain: [issue(laurence, { ...verona, key: "RSA-1024" })],
    problem: "invalid",
    says: /too weak/,
  },
  {
    what: "below a key of RSA 1024",
    chain: below({ key: "RSA-1024" }),
    problem: "invalid",
    says: /Lodowick.*too weak/,
  },
  {
    what: "with a key of P-224",
    chain: [issue(laurence, { ...verona, key: "P-224" })],
    problem: "invalid",
    unlikeOpenssl: "its level 2 asks for 112 bits, RFC 9325 §4.5 for 128",
  },
];

const unknown = (isCritical: boolean): Wishes => ({
  ...verona,
  extensions: [extension("1.2.3.4", isCritical, sequence())],
});
const policies = (isCritical: boolean): Wishes => ({
  ...verona,
  extensions: [extension("2.5.29.32", isCritical, sequence(sequence(oid("1.2.3.4"))))],
});
// SEQUENCE { requireExplicitPolicy [0] }
const explicitPolicy = extension("2.5.29.36", true, sequence(primitive(0x80, Buffer.from([0]))));

const extensions: readonly Case[] = [
  { what: "with an unknown extension", chain: [issue(laurence, unknown(false))] },
  {
    what: "with an unknown critical one",
    chain: [issue(laurence, unknown(true))],
    problem: "invalid",
    says: /critical/,
  },
  { what: "below one with an unknown critical one", chain: below(unknown(true)), problem: "invalid" },
  { what: "with critical policies", chain: [issue(laurence, policies(true))] },
  {
    what: "below one that requires an explicit policy",
    chain: below({ extensions: [explicitPolicy] }),
    problem: "invalid",
    unlikeOpenssl: "it looks at policies only when asked to",
  },
  {
    what: "with an extension twice",
    chain: [issue(laurence, { ...verona, extensions: [extension("2.5.29.37", false, sequence(oid("2.5.29.37.0")))] })],
    problem: "invalid",
    says: /form/,
  },
  {
    what: "with an address that ends at a NUL, and goes on",
    chain: [issue(laurence, { dns: ["verona.example\0.tybalt.example"] })],
    problem: "invalid",
    unlikeOpenssl: "it looks at names only when it compares them",
  },
];

const fromVerona = { permitted: ["verona.example"] };
const notFromMantua = { excluded: ["mantua.example"] };
const directory = context(4, sequence(set(sequence(oid("2.5.4.3"), text("verona.example")))));
const address = primitive(0x87, Buffer.from([10, 0, 0, 0, 255, 0, 0, 0]));
const named = (...dns: string[]): Wishes => ({ ...verona, dns, name: "" });

const constraints: readonly Case[] = [
  { what: "with a permitted name", chain: below(fromVerona, named("verona.example")) },
  { what: "with a name below it", chain: below(fromVerona, named("chat.Verona.example")) },
  {
    what: "with a name that is not permitted",
    chain: below(fromVerona, named("verona.example", "mantua.example")),
    problem: "invalid",
    says: /names for which the certificate of the authority “Friar Lodowick” may not vouch/,
  },
  {
    what: "with one that only ends like it",
    chain: below(fromVerona, named("fairverona.example")),
    problem: "invalid",
  },
  { what: "with an excluded name", chain: below(notFromMantua, named("x.mantua.example")), problem: "invalid" },
  {
    what: "with an excluded name, excluded with dots",
    chain: below({ excluded: [".Mantua.example."] }, named("x.mantua.example")),
    problem: "invalid",
    unlikeOpenssl: "it takes the dot at the end for part of the name",
  },
  {
    what: "with a name below the one permitted with a dot",
    chain: below({ permitted: [".verona.example"] }, named("chat.verona.example")),
  },
  {
    what: "with the name that is permitted with a dot",
    chain: below({ permitted: [".verona.example"] }, named("verona.example")),
    problem: "invalid",
  },
  { what: "with one that is not excluded", chain: below(notFromMantua, named("verona.example")) },
  {
    what: "with a wildcard that reaches what is excluded",
    chain: below({ excluded: ["rooms.mantua.example"] }, named("*.mantua.example")),
    problem: "invalid",
    unlikeOpenssl: "it compares the wildcard as if it were a name",
  },
  {
    what: "with an SRV name that is not permitted",
    chain: below(fromVerona, { ...named("verona.example"), srv: ["_xmpp-server.mantua.example"] }),
    problem: "invalid",
    unlikeOpenssl: "RFC 5280 constrains dNSName only, but we take SRV names for identities",
  },
  {
    what: "with an XMPP address that is not permitted",
    chain: below(fromVerona, { ...named("verona.example"), xmppAddr: ["mantua.example"] }),
    problem: "invalid",
    unlikeOpenssl: "likewise",
  },
  {
    what: "with an XMPP address that is permitted",
    chain: below(fromVerona, { ...named("verona.example"), xmppAddr: ["verona.example"] }),
  },
  {
    what: "constrained by the anchor",
    ...(() => {
      const root = makeAuthority("Prince Escalus", fromVerona);
      return { chain: [issue(root, named("mantua.example"))], anchors: [root] };
    })(),
    problem: "invalid",
  },
  {
    what: "constrained two authorities above",
    ...(() => {
      const above = issue(laurence, { name: "", ...fromVerona, isAuthority: true, dns: ["a.verona.example"] });
      const second = issue(above, { name: "", isAuthority: true, dns: ["b.verona.example"] });
      return { chain: [issue(second, named("mantua.example")), second, above] };
    })(),
    problem: "invalid",
  },
  {
    what: "with constrained addresses, and none",
    chain: below({ excluded: [address] }, named("verona.example")),
  },
  {
    what: "with constrained addresses, and one",
    chain: below({ excluded: [address] }, { ...named("verona.example"), ip: [Buffer.from([192, 0, 2, 1])] }),
    problem: "invalid",
    unlikeOpenssl: "it understands constraints of IP addresses; we refuse what we don't",
  },
  {
    what: "with a constrained directory name, and a subject",
    chain: below({ permitted: [directory] }, verona),
    problem: "invalid",
    unlikeOpenssl: "it understands constraints of directory names",
  },
  {
    what: "with constraints that are not critical",
    chain: below({ extensions: [nameConstraints(["verona.example"], [], false)] }, named("mantua.example")),
    problem: "invalid",
  },
  {
    what: "with a constraint that has a minimum",
    chain: below({ extensions: [withMinimum()] }, named("verona.example")),
    problem: "untrusted",
    says: /can't be read/,
  },
];

function withMinimum(): Buffer {
  const base = primitive(0x82, Buffer.from("verona.example"));
  return extension("2.5.29.30", true, sequence(context(0, sequence(base, primitive(0x80, integer(1).subarray(2))))));
}

const ownAnchor = signItself({ ...verona, dns: ["mantua.example"] });
const anchored: readonly Case[] = [
  { what: "that is an anchor itself", chain: [ownAnchor], anchors: [ownAnchor] },
  {
    what: "of one whose own certificate is an anchor, for another",
    chain: [issue(ownAnchor, verona)],
    anchors: [ownAnchor],
    problem: "invalid",
    says: /not that of an authority/,
  },
  {
    what: "that is an anchor and has expired",
    ...(() => {
      const old = signItself({ ...verona, notAfter: now - 1_000 });
      return { chain: [old], anchors: [old] };
    })(),
    problem: "expired",
  },
  {
    what: "whose intermediate is the anchor",
    chain: [leaf],
    anchors: [john],
    unlikeOpenssl: "its anchors have to be self-signed, unless asked otherwise",
  },
  {
    what: "that is an anchor without being self-signed",
    chain: [leaf],
    anchors: [leaf],
    unlikeOpenssl: "likewise",
  },
];

// An authority that two others vouch for: one of them has expired, or is not trusted.
const crossKey = makeAuthority("Friar Lodowick");
const cross = (by: Identity, more: Wishes = {}): Identity =>
  issue(by, { name: "Friar Lodowick", isAuthority: true, key: crossKey, ...more });
const crossed = issue(crossKey, verona);

const alternatives: readonly Case[] = [
  {
    what: "of an authority that two vouch for",
    chain: [crossed, cross(tybalt), cross(laurence)],
    unlikeOpenssl: "it tries no other issuer once it has taken one",
  },
  {
    what: "of one whose first voucher has expired",
    chain: [crossed, cross(laurence, { notAfter: now - 1 }), cross(peter), peter],
  },
  { what: "of an anchor that was also signed by another", chain: [crossed, cross(tybalt)], anchors: [crossKey] },
  {
    what: "in a maze of authorities that vouch for each other",
    chain: [crossed, ...Array.from({ length: 9 }, () => cross(crossKey))],
    problem: "untrusted",
    says: /tangled/,
  },
];

const all = { plain, dates, authorities, usages, strengths, extensions, constraints, anchored, alternatives };
for (const [group, cases] of Object.entries(all)) {
  describe(`A certificate (${group})`, () => {
    for (const one of cases) {
      test(`${one.what}: ${one.problem ?? "good"}`, () => judge(one));
    }
  });
}

function judge({ what, chain, anchors = [laurence], use = "server", problem, says, unlikeOpenssl }: Case): void {
  const sent = chain.map(({ certificate }) => certificate);
  const trusted = TrustAnchors.only(anchors.map(({ pem }) => pem).join(""));
  const verdict = judgePath(sent, trusted, now, use);
  assert.deepEqual([verdict.problem, verdict.isTrusted], [problem, problem === undefined], verdict.text);
  if (says !== undefined) assert.match(verdict.text, says);
  const theirs = opensslTrusts(
    sent,
    anchors.map(({ certificate }) => certificate),
    use,
  );
  assert.equal(theirs === verdict.isTrusted, unlikeOpenssl === undefined, `OpenSSL on one ${what}: ${theirs}`);
}

describe("Judging", () => {
  const sent = [leaf.certificate, john.certificate];

  test("no certificate", () => {
    const { isTrusted, problem } = judgePath([], TrustAnchors.usual(), now, "server");
    assert.deepEqual([isTrusted, problem], [false, "untrusted"]);
  });

  test("against the authorities of Node, and those that the operator added", () => {
    const { isTrusted, path, text } = judgePath(sent, TrustAnchors.usual(laurence.pem), now, "server");
    assert.equal(isTrusted, true);
    assert.deepEqual(path.map(String), [leaf.pem, john.pem, laurence.pem]);
    assert.match(text, /^The certificate of verona\.example is vouched for by “Friar Laurence”, and valid until 2/);
    assert.equal(judgePath(sent, TrustAnchors.usual(), now, "server").problem, "untrusted");
  });

  test("finds all of Node's authorities readable", () => {
    const anchors = TrustAnchors.usual();
    for (const pem of rootCertificates) {
      const root = readOrUndefined(new X509Certificate(pem));
      assert.ok(root, pem);
      assert.equal(anchors.has(root), true, root.certificate.subject);
    }
  });

  test("says what is wrong with a file of authorities", () => {
    assert.throws(() => TrustAnchors.only("wherefore"), /no certificate in PEM/);
    assert.throws(() => TrustAnchors.usual(laurence.pem.replace("MII", "AAA")));
    assert.equal(judgePath(sent, TrustAnchors.only(""), now, "server").problem, "untrusted");
  });

  test("what the server made for itself on its first run, once the operator trusts it", async () => {
    const own = new X509Certificate((await selfSigned(["verona.example"])).certificate);
    assert.equal(judgePath([own], TrustAnchors.only(String(own)), Date.now(), "peer").isTrusted, true);
    assert.equal(judgePath([own], TrustAnchors.usual(), Date.now(), "peer").problem, "untrusted");
  });

  test("names in the sentences are short and plain", () => {
    const name = `Tybalt\u202e\u0007${"x".repeat(60)}`;
    const { text } = judgePath([signItself({ name }).certificate], TrustAnchors.only(""), now, "server");
    assert.doesNotMatch(text, /[\p{Cc}\p{Cf}]/u);
    assert.ok(text.length < 400);
  });

  test("a certificate changed anywhere is never trusted, and never throws", () => {
    const anchors = TrustAnchors.only(laurence.pem);
    for (const [index, { raw }] of sent.entries()) {
      for (let at = 0; at < raw.length; at += 1) {
        for (const mask of [0x01, 0xff]) {
          const changed = readIfPossible(changedAt(raw, at, mask));
          if (changed === undefined || changed.raw.equals(raw)) continue;
          const chain = sent.map((certificate, place) => (place === index ? changed : certificate));
          assert.equal(judgePath(chain, anchors, now, "peer").isTrusted, false, `octet ${at} of ${index}`);
        }
      }
    }
  });
});

function changedAt(der: Buffer, at: number, mask: number): Buffer {
  const changed = Buffer.from(der);
  changed.writeUInt8(der.readUInt8(at) ^ mask, at);
  return changed;
}

/** Undefined for what OpenSSL refuses to read at all. */
function readIfPossible(der: Buffer): X509Certificate | undefined {
  try {
    return new X509Certificate(der);
  } catch (error) {
    assert.ok(error instanceof Error);
    return undefined;
  }
}
