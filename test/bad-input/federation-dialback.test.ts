// Server dialback (XEP-0220) turned against us: keys of other streams, answers that nobody asked for, domains that are others'.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { besieged, verona } from "../s2s/support/besieged.js";
import type { Puppet } from "../s2s/support/puppet.js";

const siege = besieged({ "padua.example": "require_certificate = false" }, "[servers]\nback_off = '100ms'\n");
const [mantua, padua, pisa] = ["mantua.example", "padua.example", "pisa.example"] as const;
const dialback = "<dialback xmlns='urn:xmpp:features:dialback'><errors/></dialback>";
const key = "0123456789abcdef";
const result = (from: string, to: string, more = `>${key}</db:result`): string =>
  `<db:result from='${from}' to='${to}'${more}>`;

/** Padua asks to be believed; what comes back is its other end, which Verona asks whether the key is right. */
async function claim(): Promise<readonly [claimant: Puppet, authority: Puppet, question: string]> {
  const claimant = await siege.connect(padua, { identity: undefined });
  await claimant.opensInTls();
  claimant.send(result(padua, verona));
  const authority = await siege.peer(padua).accept();
  await authority.isOpenedInTls(dialback);
  const [question] = await authority.receives(/<db:verify [^>]*>[^<]*<\/db:verify>/);
  assert.match(question, new RegExp(`id='${claimant.id}'>${key}<`));
  return [claimant, authority, question];
}

test("a domain whose server knows the key gets through", async () => {
  const [claimant, authority] = await claim();
  authority.send(`<db:verify from='${padua}' to='${verona}' id='${claimant.id}' type='valid'/>`);
  await claimant.receives(/<db:result [^>]*type='valid'\/>/);
  claimant.send(`<message from='kate@${padua}' to='juliet@${verona}'><body>Fie, fie!</body></message>`);
  await siege.juliet.receives("Fie, fie!");
  await siege.logs("s2s-accepted", { remote: padua, theyProved: "dialback" });
  await siege.nobodyElseNotices();
});

test("a domain whose server does not know the key: type 'invalid', and the stream ends (XEP-0220 §2.2.1)", async () => {
  const [claimant, authority] = await claim();
  claimant.send(result(padua, verona)); // impatient: it is asked for once all the same
  authority.send(`<db:verify from='${padua}' to='${verona}' id='${claimant.id}' type='invalid'/>`);
  assert.match(await claimant.ends(), /^<db:result [^>]*type='invalid'\/><\/stream:stream>$/);
  await siege.logs("s2s-refused", { remote: padua, reason: "dialback-invalid" });
  await siege.nobodyElseNotices();
});

test("who sends stanzas while the answer is awaited: <not-authorized/> (RFC 6120 §4.9.3.12)", async () => {
  const [claimant, authority] = await claim();
  claimant.send(siege.intrusion(`kate@${padua}`));
  await claimant.endsWith("not-authorized");
  authority.send(`<db:verify from='${padua}' to='${verona}' id='${claimant.id}' type='valid'/>`);
  await authority.ends(); // the answer has been read
  assert.ok(!siege.hasLogged("s2s-accepted"));
  await siege.nobodyElseNotices();
});

describe("an answer to a question that was not asked counts for nothing (XEP-0220 §5):", () => {
  const answers: Readonly<Record<string, (id: string) => string>> = {
    "of another stream": () => `<db:verify from='${padua}' to='${verona}' id='another' type='valid'/>`,
    "without a stream": () => `<db:verify from='${padua}' to='${verona}' type='valid'/>`,
    "of another domain": (id) => `<db:verify from='${pisa}' to='${verona}' id='${id}' type='valid'/>`,
    "to another domain": (id) => `<db:verify from='${padua}' to='${pisa}' id='${id}' type='valid'/>`,
    "to another question": () => `<db:result from='${padua}' to='${verona}' type='valid'/>`,
  };
  for (const [name, answer] of Object.entries(answers)) {
    test(name, async () => {
      const [claimant, authority] = await claim();
      authority.send(answer(claimant.id));
      await siege.logs("s2s-unsolicited-dialback", { type: "valid" });
      authority.send(`<db:verify from='${padua}' to='${verona}' id='${claimant.id}' type='invalid'/>`);
      assert.match(await claimant.ends(), /type='invalid'/);
      assert.doesNotMatch(claimant.heard, /type='valid'/);
      await siege.nobodyElseNotices();
    });
  }

  for (const name of ["result", "verify"] as const) {
    test(`<db:${name}/> of type valid on a stream of theirs`, async () => {
      const puppet = await siege.connect(mantua);
      await puppet.opensInTls();
      puppet.send(`<db:${name} from='${mantua}' to='${verona}' id='${puppet.id}' type='valid'/>`);
      await siege.logs("s2s-unsolicited-dialback", { element: name, from: mantua });
      puppet.send(siege.intrusion(`romeo@${mantua}`));
      await puppet.endsWith("not-authorized");
      await siege.nobodyElseNotices();
    });

    test(`<db:${name}/> of type valid on a stream of ours, for a pair that is not its`, async () => {
      const stream = await opened();
      stream.send(`<db:${name} from='${pisa}' to='${verona}' id='stream-1' type='valid'/>`);
      await siege.logs("s2s-unsolicited-dialback", { element: name, from: pisa });
      stream.send(siege.intrusion(`fibonacci@${pisa}`));
      await stream.endsWith("unsupported-stanza-type");
      await refuse(await isAskedAgain());
      await siege.nobodyElseNotices();
    });
  }
});

describe("a <db:result/>", () => {
  const refused: Readonly<Record<string, readonly [condition: string, from: string, to: string]>> = {
    "to a domain that is not ours: <item-not-found/> (XEP-0220 §2.5)": ["item-not-found", mantua, "milan.example"],
    "from a domain of ours: <policy-violation/> (XEP-0220 §2.5)": ["policy-violation", verona, verona],
    "from a domain that the certificate is not for: <not-authorized/> (XEP-0220 §2.5)": ["not-authorized", pisa, verona], // prettier-ignore
  };
  for (const [name, [condition, from, to]] of Object.entries(refused)) {
    test(name, async () => {
      const puppet = await siege.connect(mantua);
      await puppet.authenticates();
      puppet.send(result(from, to));
      await puppet.receives(
        new RegExp(`<db:result from='${to}' to='${from}' type='error'><error [^>]*><${condition} `),
      );
      const reason = condition === "not-authorized" ? "certificate-wrong-name" : condition;
      await siege.logs("s2s-refused", { remote: from, local: to, reason });
      puppet.send(siege.intrusion(`x@${from}`, `juliet@${to}`));
      await puppet.ends();
      await siege.nobodyElseNotices();
    });
  }

  test("from a user, or to nobody: <improper-addressing/> (RFC 6120 §4.9.3.7)", async () => {
    for (const head of [`from='romeo@${mantua}' to='${verona}'`, `from='${mantua}'`, `to='${verona}'`]) {
      const puppet = await siege.connect(mantua);
      await puppet.opensInTls();
      puppet.send(`<db:result ${head}>${key}</db:result>`);
      await puppet.endsWith("improper-addressing");
    }
    await siege.nobodyElseNotices();
  });
});

test("a key of ours is good for its stream and its pair, as often as it is asked for, and for no other (XEP-0220 §2.2.2)", async () => {
  const stream = await opened();
  const ours = (await stream.receives(/<db:result [^>]*>([0-9a-f]{64})<\/db:result>/))[1] ?? "";
  const asker = await siege.connect(padua);
  await asker.opensInTls();
  const verdict = async (from: string, id: string, text = ours, to = verona): Promise<string | undefined> => {
    asker.send(`<db:verify from='${from}' to='${to}' id='${id}'>${text}</db:verify>`);
    return (await asker.receives(new RegExp(`<db:verify [^>]* to='${from}' id='${id}' type='([a-z]+)'`)))[1];
  };
  assert.equal(await verdict(padua, "stream-1"), "valid");
  assert.equal(await verdict(padua, "stream-1"), "valid");
  assert.equal(await verdict(padua, "stream-2"), "invalid");
  assert.equal(await verdict(mantua, "stream-1"), "invalid");
  assert.equal(await verdict(padua, "stream-1", ours.slice(1)), "invalid");
  assert.equal(await verdict(padua, "stream-1", ours, "milan.example"), "error");
  assert.equal(await verdict(padua, "stream-1", ""), "invalid");
  asker.send(siege.intrusion(`kate@${padua}`));
  await asker.endsWith("not-authorized");
  await refuse(stream);
  await siege.nobodyElseNotices();
});

/** A stream that Verona opens because Juliet writes, up to its key. */
async function opened(): Promise<Puppet> {
  await siege.forgive(padua);
  siege.juliet.send(`<message to='kate@${padua}' type='chat'><body>Sweet Kate</body></message>`);
  return isAskedAgain();
}

async function isAskedAgain(): Promise<Puppet> {
  const stream = await siege.peer(padua).accept();
  await stream.isOpenedInTls(dialback);
  return stream;
}

/** What waits goes back to Juliet. */
async function refuse(stream: Puppet): Promise<void> {
  stream.send(`<db:result from='${padua}' to='${verona}' type='invalid'/>`);
  await siege.juliet.receives(/<message [^>]*type='error'.*?dialback-invalid/);
}
