// Those who were put out while nothing got through to their server: they are told once it does (XEP-0045 §11.1, §16.1.2).
import assert from "node:assert/strict";
import { test } from "node:test";
import { RemoteDomain } from "../../support/remote-domain.js";
import { adminQuery, arrivals, garden, muc, type Party, party } from "../../support/rooms.js";

const apothecary = "apothecary@mantua.example/shop";

/** The apothecary's server, which can't be reached while `obstacle` says why. */
class Mantua extends RemoteDomain {
  obstacle: string | undefined;

  constructor(private readonly play: Party) {
    super(play.stage, "mantua.example");
    this.onReceived = ({ name, attrs }) => {
      if (this.obstacle !== undefined && attrs["type"] !== "error")
        this.returns(name, String(attrs["from"]), this.obstacle);
    };
  }

  returns(kind: string, to: string, condition: string): void {
    const reason = `<error type='wait'><${condition} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>`;
    this.sends(`<${kind} type='error' from='${apothecary}' to='${to}'>${reason}</${kind}>`);
  }

  async enters(): Promise<void> {
    this.sends(`<presence from='${apothecary}' to='${garden}/Apothecary'>${muc}</presence>`);
    await this.arrivals();
  }

  /** How many farewells come within so many seconds: the status codes of each. */
  async farewells(seconds = 30): Promise<readonly string[]> {
    for (let second = 0; second < seconds; second += 1) {
      this.play.stage.clock.advance(1000);
      await this.play.stage.settle();
    }
    const all = (await this.arrivals()).filter(({ attrs }) => attrs["type"] === "unavailable").map(String);
    for (const each of all) assert.match(each, new RegExp(`to="${apothecary}" from="${garden}/Apothecary"`));
    return all.map((each) => Array.from(each.matchAll(/<status code="(\d+)"/g), ([, code]) => code).join(" "));
  }
}

async function begin(t: Parameters<typeof party>[0]): Promise<Party & { readonly mantua: Mantua }> {
  const all = await party(t, { config: "[clients]\nidle_timeout = '1d'\n[extensions.ping]\nenabled = false" });
  const mantua = new Mantua(all);
  await mantua.enters();
  return { ...all, mantua };
}

for (const obstacle of ["resource-constraint", "remote-server-timeout", "remote-server-not-found"]) {
  test(`whoever was put out for ${obstacle} is told as soon as it is over, once`, async (t) => {
    const { mantua } = await begin(t);
    mantua.obstacle = obstacle;
    mantua.returns("message", garden, obstacle);
    assert.deepEqual(await mantua.farewells(), ["110 333", "110 333", "110 333", "110 333"], "it is tried again");
    mantua.obstacle = undefined;
    assert.deepEqual(await mantua.farewells(), ["110 333"]);
    assert.deepEqual(await mantua.farewells(120), []);
  });
}

test("so is whoever is kicked or banned meanwhile", async (t) => {
  for (const [item, codes] of [
    ["nick='Apothecary' role='none'", "110 307"],
    ["jid='apothecary@mantua.example' affiliation='outcast'", "110 301"],
  ] as const) {
    await t.test(codes, async (t) => {
      const { capulet, mantua } = await begin(t);
      mantua.obstacle = "remote-server-timeout";
      await capulet.gets("set", adminQuery(`<item ${item}/>`), garden);
      await mantua.farewells();
      mantua.obstacle = undefined;
      assert.deepEqual(await mantua.farewells(), [codes]);
    });
  }
});

test("whoever has come back by then is told nothing", async (t) => {
  const { stage, juliet, mantua } = await begin(t);
  mantua.obstacle = "resource-constraint";
  mantua.returns("message", garden, mantua.obstacle);
  await mantua.arrivals();
  mantua.obstacle = undefined;
  await mantua.enters();
  await arrivals(stage, juliet);
  assert.deepEqual(await mantua.farewells(), []);
  assert.deepEqual((await arrivals(stage, juliet)).map(String), []);
});

test("nobody is told again who is not there any more, or has left of their own will", async (t) => {
  const { mantua } = await begin(t);
  mantua.obstacle = "recipient-unavailable";
  mantua.returns("message", garden, mantua.obstacle);
  assert.deepEqual(await mantua.farewells(), ["110 333"]);
  mantua.obstacle = undefined;
  await mantua.enters();
  mantua.obstacle = "remote-server-timeout";
  mantua.sends(`<presence type='unavailable' from='${apothecary}' to='${garden}/Apothecary'/>`);
  assert.deepEqual(await mantua.farewells(), ["110"]);
});
