// Whom we believe to be a domain's server: by certificate, or because the domain says so over HTTPS (RFC 7711, RFC 7712).
import assert from "node:assert/strict";
import { test } from "node:test";
import { TrustAnchors } from "../../src/net/certificate-path.js";
import type { Posh } from "../../src/net/posh.js";
import { Trust } from "../../src/s2s/trust.js";
import { issue, makeAuthority, signItself } from "../net/support/authority.js";

const authority = makeAuthority();
const domain = "verona.example";
const good = issue(authority, { dns: [domain] }).certificate;
const stranger = signItself({ dns: ["hosting.example"] }).certificate;

function trustWith(vouchedFor: boolean | undefined): { trust: Trust; asked: string[] } {
  const asked: string[] = [];
  const isVouchedFor = async (_certificate: unknown, name: string): Promise<boolean> => {
    asked.push(name);
    return vouchedFor === true;
  };
  const posh = vouchedFor === undefined ? undefined : ({ isVouchedFor } as unknown as Posh);
  return { trust: new Trust(TrustAnchors.only(authority.pem), posh, () => Date.now()), asked };
}

test("a valid certificate is enough: the domain's web server is not asked", async () => {
  const { trust, asked } = trustWith(true);
  assert.deepEqual(await trust.judge([good], domain, "server"), { by: "certificate", problem: undefined });
  assert.deepEqual(asked, []);
});

test("a certificate that proves nothing by itself counts when the domain vouches for it", async () => {
  const { trust, asked } = trustWith(true);
  assert.deepEqual(await trust.judge([stranger], domain, "peer"), { by: "posh", problem: undefined });
  assert.deepEqual(asked, [domain]);
});

test("when the domain does not, or is not asked, what is wrong with the certificate is told", async () => {
  for (const vouchedFor of [false, undefined]) {
    const { by, problem } = await trustWith(vouchedFor).trust.judge([stranger], domain, "peer");
    assert.deepEqual([by, problem?.code], ["nothing", "certificate-untrusted"]);
  }
});

test("who shows no certificate can't be vouched for", async () => {
  const { trust, asked } = trustWith(true);
  const { by, problem } = await trust.judge([], domain, "peer");
  assert.deepEqual([by, problem?.code, asked], ["nothing", "certificate-missing", []]);
});

test("a certificate for another name says whom it is for", async () => {
  const { problem } = await trustWith(undefined).trust.judge([good], "mantua.example", "server");
  assert.equal(problem?.code, "certificate-wrong-name");
  assert.match(problem?.message ?? "", /not made out to mantua\.example, but to verona\.example/);
});
