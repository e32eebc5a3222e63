// Whom a certificate is made out to (RFC 6120 §13.7.1.2, RFC 9525 §6).
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { identitiesOf, isMadeOutTo, type XmppService } from "../../src/net/certificate-identity.js";
import { extension, type Identity, makeAuthority, issue, signItself, type Wishes } from "./support/authority.js";
import { context, oid, primitive, sequence, text } from "./support/der-writer.js";

type Kinds = Pick<Wishes, "dns" | "srv" | "xmppAddr">;
type Line = readonly [names: Kinds, domain: string, isGood: boolean, service?: XmppService];

const lines: readonly Line[] = [
  [{ dns: ["verona.example"] }, "verona.example", true],
  [{ dns: ["Verona.EXAMPLE"] }, "verona.example", true],
  [{ dns: ["verona.example."] }, "verona.example", true],
  [{ dns: ["mantua.example", "verona.example"] }, "verona.example", true],
  [{ dns: ["mantua.example"] }, "verona.example", false],
  [{ dns: ["verona.example"] }, "chat.verona.example", false],
  [{ dns: ["chat.verona.example"] }, "verona.example", false],
  [{ dns: ["xn--mnchen-3ya.example"] }, "münchen.example", true],
  [{ dns: ["XN--mnchen-3ya.example"] }, "münchen.example", true],
  [{ dns: ["munchen.example"] }, "münchen.example", false],
  // Wildcards: RFC 9525 §6.3.
  [{ dns: ["*.verona.example"] }, "chat.verona.example", true],
  [{ dns: ["*.verona.example"] }, "verona.example", false],
  [{ dns: ["*.verona.example"] }, "east.chat.verona.example", false],
  [{ dns: ["*.verona.example"] }, "münchen.verona.example", true],
  [{ dns: ["*.example"] }, "verona.example", false],
  [{ dns: ["*"] }, "localhost", false],
  [{ dns: ["*."] }, "verona.example", false],
  [{ dns: ["ch*.verona.example"] }, "chat.verona.example", false],
  [{ dns: ["*at.verona.example"] }, "chat.verona.example", false],
  [{ dns: ["chat.*.example"] }, "chat.verona.example", false],
  [{ dns: ["*.*.example"] }, "chat.verona.example", false],
  // SRV names: RFC 4985.
  [{ srv: ["_xmpp-server.verona.example"] }, "verona.example", true],
  [{ srv: ["_XMPP-Server.Verona.example"] }, "verona.example", true],
  [{ srv: ["_xmpp-client.verona.example"] }, "verona.example", false],
  [{ srv: ["_xmpp-client.verona.example"] }, "verona.example", true, "xmpp-client"],
  [{ srv: ["_imap.verona.example"] }, "verona.example", false],
  [{ srv: ["verona.example"] }, "verona.example", false],
  [{ srv: ["_xmpp-server.*.verona.example"] }, "chat.verona.example", true],
  [{ srv: ["_xmpp-server.verona.example"] }, "chat.verona.example", false],
  [{ dns: ["_xmpp-server.verona.example"] }, "verona.example", false],
  // XMPP addresses.
  [{ xmppAddr: ["verona.example"] }, "verona.example", true],
  [{ xmppAddr: ["Verona.example"] }, "verona.example", true],
  [{ xmppAddr: ["münchen.example"] }, "münchen.example", true],
  [{ xmppAddr: ["xn--mnchen-3ya.example"] }, "münchen.example", true],
  [{ xmppAddr: ["romeo@verona.example"] }, "verona.example", false],
  [{ xmppAddr: ["verona.example/orchard"] }, "verona.example", false],
  [{ xmppAddr: ["*.verona.example"] }, "chat.verona.example", false],
  [{ xmppAddr: ["ⅴerona.example"] }, "verona.example", false],
  // What no certificate is made out to.
  [{ dns: ["127.0.0.1"] }, "127.0.0.1", false],
  [{ dns: ["verona.example"] }, "", false],
  [{ dns: ["[::1]"] }, "[::1]", false],
];

for (const [names, domain, isGood, service = "xmpp-server"] of lines) {
  const kinds = JSON.stringify(names);
  test(`${kinds} is ${isGood ? "" : "not "}made out to ${domain || "nobody"} (${service})`, () => {
    assert.equal(isMadeOutTo(certificateFor(names), domain, service), isGood);
  });
}

function certificateFor(names: Wishes) {
  return signItself({ name: "Prince Escalus", ...names }).certificate;
}

describe("A certificate", () => {
  test("says who it is as it stands there", () => {
    const names = {
      dns: ["Verona.example", "*.verona.example"],
      srv: ["_xmpp-server.x.example"],
      xmppAddr: ["É.example"],
    };
    const { dns, srv, xmpp } = identitiesOf(certificateFor(names));
    assert.deepEqual({ dns, srv, xmppAddr: xmpp }, names);
  });

  test("is not made out to its common name", () => {
    assert.equal(isMadeOutTo(certificateFor({ name: "verona.example" }), "verona.example", "xmpp-server"), false);
  });

  test("names nobody when one of its names has characters that names can't have", () => {
    for (const odd of ["verona.example\0.tybalt.example", "verona.example, DNS:x.example", "véron.example", ""]) {
      const { certificate } = issue(makeAuthority(), { name: "Tybalt", dns: ["verona.example", odd] });
      assert.equal(isMadeOutTo(certificate, "verona.example", "xmpp-server"), false, odd);
    }
    assert.deepEqual(identitiesOf(certificateFor({ xmppAddr: ["verona.example\0"] })).xmpp, []);
  });

  test("names nobody by text of the wrong kind, or by other kinds of names", () => {
    const other = (type: string, value: Buffer) => context(0, oid(type), context(0, value));
    const names = sequence(
      other("1.3.6.1.5.5.7.8.5", primitive(0x16, Buffer.from("verona.example"))),
      other("1.3.6.1.5.5.7.8.7", text("_xmpp-server.verona.example")),
      other("1.2.3.4", text("verona.example")),
      primitive(0x81, Buffer.from("verona.example")),
      primitive(0x86, Buffer.from("xmpp:verona.example")),
    );
    assert.deepEqual(identitiesOf(withExtensions(extension("2.5.29.17", false, names)).certificate), {
      dns: [],
      srv: [],
      xmpp: [],
    });
  });
});

function withExtensions(...extensions: Buffer[]): Identity {
  return signItself({ name: "Tybalt", extensions });
}
