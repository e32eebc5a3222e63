// SCRAM as a client meets it: the RFCs' own examples, every way to fail, and random names and passwords.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import type { SaslExchange } from "../../src/auth/identity.js";
import { preparation } from "../../src/auth/jid-preparation.js";
import { nodePrimitives, type ScramHash } from "../../src/auth/primitives.js";
import { deriveScramKeys } from "../../src/auth/scram-keys.js";
import { ScramClient, type ScramClientParts } from "../support/scram-client.js";
import {
  channel,
  END_POINT,
  EXPORTER,
  inClear,
  juliet,
  logInByScram,
  raiseCurtain,
  romeo,
  VERONA,
  wordFor,
  type Stage,
} from "./stage.js";

const PASSWORD = "wherefore art thou";
const byRomeo: ScramClientParts = { user: "romeo", password: PASSWORD, hash: "sha256" };

async function withRomeo(options = {}): Promise<Stage> {
  const stage = raiseCurtain(options);
  await stage.accounts.create(romeo, PASSWORD);
  return stage;
}

function begin({ verona }: Stage, mechanism: string, on = channel()): SaslExchange {
  const exchange = verona.begin(mechanism, on);
  assert.ok(exchange, `${mechanism} is offered`);
  return exchange;
}

/** The examples of the RFCs: user "user", password "pencil", 4 096 iterations. */
const EXAMPLES: readonly {
  readonly source: string;
  readonly hash: ScramHash;
  readonly salt: string;
  readonly nonce: string;
  readonly lines: readonly [string, string, string, string];
}[] = [
  {
    source: "RFC 5802 §5",
    hash: "SHA-1",
    salt: "QSXCR+Q6sek8bf92",
    nonce: "3rfcNHYJY1ZVvWVs7j",
    lines: [
      "n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL",
      "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
      "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
      "v=rmF9pqV8S7suAoZWja4dJRkFsKQ=",
    ],
  },
  {
    source: "RFC 7677 §3",
    hash: "SHA-256",
    salt: "W22ZaJ0SNY7soEsUEjb6gQ==",
    nonce: "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0",
    lines: [
      "n,,n=user,r=rOprNGfwEbeRWgbNEkqO",
      "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
      "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
      "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
    ],
  },
];

describe("The examples of the RFCs, to the letter", () => {
  for (const { source, hash, salt, nonce, lines } of EXAMPLES) {
    test(`${source}: SCRAM-${hash}`, async () => {
      const stage = raiseCurtain({}, () => nonce);
      const keys = await deriveScramKeys(nodePrimitives, hash, "pencil", Buffer.from(salt, "base64"), 4096);
      const key = { host: VERONA, user: "user" };
      await stage.storage.api.create({ ...key, credentials: { [hash]: keys }, isDisabled: false, createdAt: 0 });
      const exchange = begin(stage, `SCRAM-${hash}`);
      const challenge = await exchange.start(Buffer.from(lines[0]));
      assert.deepEqual(challenge, { kind: "challenge", data: Buffer.from(lines[1]) });
      const identity = { user: "user", mechanism: `SCRAM-${hash}`, isAnonymous: false };
      const outcome = await exchange.respond(Buffer.from(lines[2]));
      assert.deepEqual(outcome, { kind: "success", identity, data: Buffer.from(lines[3]) });
    });
  }
});

describe("Logging in", () => {
  const bindings: readonly ScramClientParts["binding"][] = [
    "n",
    { type: "tls-exporter", data: EXPORTER },
    { type: "tls-server-end-point", data: END_POINT },
  ];
  for (const hash of ["sha1", "sha256"] as const) {
    for (const binding of bindings) {
      const name = typeof binding === "object" ? `-PLUS with ${binding.type}` : "";
      test(`SCRAM-${hash}${name}`, async () => {
        const { verona } = await withRomeo();
        const outcome = await logInByScram(verona, { ...byRomeo, hash, ...(binding ? { binding } : {}) });
        assert.equal(wordFor(outcome), "success");
      });
    }
  }

  test("the flag y is right where no binding was offered", async () => {
    const { verona } = await withRomeo();
    assert.equal(wordFor(await logInByScram(verona, { ...byRomeo, binding: "y" }, inClear)), "success");
  });

  test("the name is prepared, and the prepared one is who logged in", async () => {
    const { verona } = await withRomeo();
    const outcome = await logInByScram(verona, { ...byRomeo, user: "ROMEO" });
    assert.equal(outcome.kind === "success" && outcome.identity.user, "romeo");
  });

  test("without initial data the server asks for them with an empty challenge", async () => {
    const exchange = begin(await withRomeo(), "SCRAM-SHA-256");
    assert.deepEqual(await exchange.start(undefined), { kind: "challenge", data: Buffer.alloc(0) });
    const client = new ScramClient(byRomeo);
    const challenge = await exchange.respond(client.first());
    assert.ok(challenge.kind === "challenge");
    assert.equal(wordFor(await exchange.respond(client.final(challenge.data))), "success");
  });

  for (const authzid of ["romeo@verona.lit", "Romeo@VERONA.lit", "romeo"]) {
    test(`the authorization identity ${authzid} is Romeo's own`, async () => {
      const { verona } = await withRomeo();
      assert.equal(wordFor(await logInByScram(verona, { ...byRomeo, authzid })), "success");
    });
  }

  for (const authzid of ["juliet@verona.lit", "juliet", "romeo@mantua.lit", "romeo@verona.lit/orchard", "@"]) {
    test(`the authorization identity ${authzid} is not`, async () => {
      const { verona } = await withRomeo();
      assert.equal(wordFor(await logInByScram(verona, { ...byRomeo, authzid })), "invalid-authzid");
    });
  }

  test("nonces are fresh each time and extend the client's", async () => {
    const stage = await withRomeo();
    const nonces = await Promise.all(
      [1, 2].map(async () => {
        const challenge = await begin(stage, "SCRAM-SHA-1").start(Buffer.from("n,,n=romeo,r=rose"));
        assert.ok(challenge.kind === "challenge");
        return /^r=(rose[^,]{24}),/.exec(challenge.data.toString())?.[1];
      }),
    );
    assert.ok(nonces[0] !== undefined && nonces[1] !== undefined && nonces[0] !== nonces[1]);
  });
});

describe("A first message that fails", () => {
  const malformed: Readonly<Record<string, string>> = {
    "nothing at all": "",
    "no header": "n=romeo,r=rose",
    "an unknown flag": "x,,n=romeo,r=rose",
    "p without a type": "p=,,n=romeo,r=rose",
    "no name": "n,,r=rose",
    "an empty name": "n,,n=,r=rose",
    "no nonce": "n,,n=romeo",
    "an empty nonce": "n,,n=romeo,r=",
    "a nonce with a space": "n,,n=romeo,r=a rose",
    "a nonce that is not ASCII": "n,,n=romeo,r=rosé",
    "attributes in another order": "n,,r=rose,n=romeo",
    "a lone = in the name": "n,,n=ro=meo,r=rose",
    "an escape that there is not": "n,,n=ro=2cmeo,r=rose",
    "NUL in the name": "n,,n=ro\0meo,r=rose",
    "an empty authorization identity": "n,a=,n=romeo,r=rose",
    "the reserved extension": "n,,m=must,n=romeo,r=rose",
    "the reserved extension further back": "n,,n=romeo,r=rose,m=must",
    "a second nonce": "n,,n=romeo,r=rose,r=lily",
    "an extension without a value": "n,,n=romeo,r=rose,z=",
    "a newline at the end": "n,,n=romeo,r=rose\n",
    "p where the mechanism binds nothing": "p=tls-exporter,,n=romeo,r=rose",
    "more than anybody needs": `n,,n=romeo,r=${"rose".repeat(3000)}`,
  };
  for (const [what, message] of Object.entries(malformed)) {
    test(`${what}: malformed-request`, async () => {
      const step = await begin(await withRomeo(), "SCRAM-SHA-256").start(Buffer.from(message));
      assert.equal(wordFor(step), "malformed-request");
    });
  }

  test("bad UTF-8: malformed-request", async () => {
    const message = Buffer.concat([Buffer.from("n,,n=rom"), Buffer.from([0xc3, 0x28]), Buffer.from(",r=rose")]);
    assert.equal(wordFor(await begin(await withRomeo(), "SCRAM-SHA-256").start(message)), "malformed-request");
  });

  for (const flag of ["n", "y"]) {
    test(`-PLUS with the flag ${flag}: malformed-request`, async () => {
      const step = await begin(await withRomeo(), "SCRAM-SHA-256-PLUS").start(Buffer.from(`${flag},,n=romeo,r=rose`));
      assert.equal(wordFor(step), "malformed-request");
    });
  }

  test("y where -PLUS was offered is a downgrade: not-authorized (RFC 5802 §6)", async () => {
    const { verona } = await withRomeo();
    assert.equal(wordFor(await logInByScram(verona, { ...byRomeo, binding: "y" })), "not-authorized");
  });

  for (const type of ["tls-unique", "constructor"]) {
    test(`the binding type ${type} is not offered: not-authorized`, async () => {
      const { verona } = await withRomeo();
      const binding = { type, data: Buffer.alloc(12) };
      assert.equal(wordFor(await logInByScram(verona, { ...byRomeo, binding })), "not-authorized");
    });
  }

  test("a type that this channel can't give: not-authorized", async () => {
    const { verona } = await withRomeo();
    const on = channel({ channelBinding: (type) => (type === "tls-exporter" ? undefined : END_POINT) });
    const binding = { type: "tls-exporter", data: EXPORTER };
    assert.equal(wordFor(await logInByScram(verona, { ...byRomeo, binding }, on)), "not-authorized");
  });

  test("a name that is none: not-authorized", async () => {
    const { verona } = await withRomeo();
    assert.equal(wordFor(await logInByScram(verona, { ...byRomeo, user: "romeo@verona.lit" })), "not-authorized");
  });
});

describe("A second message that fails", () => {
  const challenged = async (mechanism = "SCRAM-SHA-256", parts: ScramClientParts = byRomeo) => {
    const exchange = begin(await withRomeo(), mechanism);
    const client = new ScramClient(parts);
    const challenge = await exchange.start(client.first());
    assert.ok(challenge.kind === "challenge");
    return { exchange, client, challenge: challenge.data };
  };

  const changes: Readonly<Record<string, (message: string) => string>> = {
    "nothing at all": () => "",
    "no proof": (message) => message.replace(/,p=.*/, ""),
    "an attribute behind the proof": (message) => `${message},z=1`,
    "base64 that is none": (message) => message.replace("c=biws", "c=bi*s"),
    "base64 without its padding": (message) => message.replace(/=$/, ""),
    "the reserved extension": (message) => message.replace(",p=", ",m=1,p="),
    "another name": (message) => message.replace(",p=", ",n=juliet,p="),
  };
  for (const [what, change] of Object.entries(changes)) {
    test(`${what}: malformed-request`, async () => {
      const { exchange, client, challenge } = await challenged();
      const step = await exchange.respond(Buffer.from(change(client.final(challenge).toString())));
      assert.equal(wordFor(step), "malformed-request");
    });
  }

  test("a wrong password: not-authorized", async () => {
    const { verona } = await withRomeo();
    assert.equal(wordFor(await logInByScram(verona, { ...byRomeo, password: "rosaline" })), "not-authorized");
  });

  test("a proof of the wrong length: not-authorized", async () => {
    const { exchange, client, challenge } = await challenged();
    const message = client.final(challenge).toString().replace(/,p=.*/, ",p=cm9zZQ==");
    assert.equal(wordFor(await exchange.respond(Buffer.from(message))), "not-authorized");
  });

  for (const nonce of ["fyko+d2lbbFgONRv9qkxdawL", "another"]) {
    test(`the nonce ${nonce} is not the server's: not-authorized`, async () => {
      const { exchange, client, challenge } = await challenged();
      assert.equal(wordFor(await exchange.respond(client.final(challenge, { nonce }))), "not-authorized");
    });
  }

  const bindings: Readonly<Record<string, Buffer>> = {
    "another header": Buffer.from("y,,"),
    "an authorization identity that was not there": Buffer.from("n,a=juliet@verona.lit,"),
    "binding data that were not announced": Buffer.concat([Buffer.from("n,,"), EXPORTER]),
    nothing: Buffer.alloc(0),
  };
  for (const [what, binding] of Object.entries(bindings)) {
    test(`c= has ${what}: not-authorized`, async () => {
      const { exchange, client, challenge } = await challenged();
      assert.equal(wordFor(await exchange.respond(client.final(challenge, { binding }))), "not-authorized");
    });
  }

  test("bound to another channel, with a man in the middle: not-authorized", async () => {
    const { verona } = await withRomeo();
    const binding = { type: "tls-exporter", data: Buffer.alloc(32, 1) };
    assert.equal(wordFor(await logInByScram(verona, { ...byRomeo, binding })), "not-authorized");
  });

  test("a proof serves once: the same again is malformed-request", async () => {
    const { exchange, client, challenge } = await challenged();
    const message = client.final(challenge);
    assert.equal(wordFor(await exchange.respond(message)), "success");
    assert.equal(wordFor(await exchange.respond(message)), "malformed-request");
  });

  test("a right answer after a wrong one is out of turn", async () => {
    const { exchange, client, challenge } = await challenged();
    assert.equal(wordFor(await exchange.respond(Buffer.from("rubbish"))), "malformed-request");
    assert.equal(wordFor(await exchange.respond(client.final(challenge))), "malformed-request");
  });

  test("answering before beginning, or beginning twice, is out of turn", async () => {
    const stage = await withRomeo();
    const { exchange, client } = await challenged();
    assert.equal(wordFor(await exchange.start(client.first())), "malformed-request");
    assert.equal(wordFor(await begin(stage, "SCRAM-SHA-1").respond(client.first())), "malformed-request");
  });
});

describe("An account that changes while its client computes", () => {
  const halfway = async (change: (stage: Stage) => Promise<void>) => {
    const stage = await withRomeo();
    const exchange = begin(stage, "SCRAM-SHA-256");
    const client = new ScramClient(byRomeo);
    const challenge = await exchange.start(client.first());
    assert.ok(challenge.kind === "challenge");
    await change(stage);
    return wordFor(await exchange.respond(client.final(challenge.data)));
  };

  test("disabled", async () => {
    assert.equal(await halfway(({ accounts }) => accounts.disable(romeo)), "account-disabled");
  });
  test("deleted", async () => {
    assert.equal(await halfway(({ accounts }) => accounts.delete(romeo)), "not-authorized");
  });
  test("given another password", async () => {
    assert.equal(await halfway(({ accounts }) => accounts.changePassword(romeo, "rosaline")), "not-authorized");
  });
  test("when nothing has changed, storage is not asked again", async () => {
    const outcome = await halfway(async (stage) => {
      stage.storage.fail = new Error("nobody needs this");
    });
    assert.equal(outcome, "success");
  });
  test("storage that fails: temporary-auth-failure, and the fault is reported", async () => {
    const fault = new Error("the disk is full of apothecaries");
    let faults: unknown[] = [];
    const outcome = await halfway(async (stage) => {
      // a change of any account makes the server look again, and then it can't
      await stage.accounts.create({ host: VERONA, user: "apothecary" }, "poison");
      stage.storage.fail = fault;
      faults = stage.faults;
    });
    assert.equal(outcome, "temporary-auth-failure");
    assert.deepEqual(faults, [fault]);
  });
});

test("Any name and any password log in, and no other password does", async () => {
  const name = fc.stringMatching(/^[a-z0-9=,é.-]{1,20}$/);
  const text = fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 });
  const password = text.filter((typed) => preparation.password(typed) !== undefined);
  const play = fc.asyncProperty(name, password, fc.constantFrom("sha1", "sha256"), async (user, right, hash) => {
    const stage = raiseCurtain();
    await stage.accounts.create({ host: VERONA, user }, right);
    const typed = preparation.password(right) ?? "";
    assert.equal(wordFor(await logInByScram(stage.verona, { user, password: typed, hash })), "success");
    const wrong = await logInByScram(stage.verona, { user, password: `${typed}.`, hash });
    assert.equal(wordFor(wrong), "not-authorized");
  });
  await fc.assert(play, { numRuns: 100 });
});

test("Any one octet changed in a final message lets nobody in", async () => {
  const stage = await withRomeo();
  await stage.accounts.create(juliet, PASSWORD);
  const play = fc.asyncProperty(fc.nat(), fc.integer({ min: 1, max: 255 }), async (at, change) => {
    const exchange = begin(stage, "SCRAM-SHA-256", channel({ remoteAddress: "127.0.0.1" }));
    const client = new ScramClient(byRomeo);
    const challenge = await exchange.start(client.first());
    assert.ok(challenge.kind === "challenge");
    const message = client.final(challenge.data);
    const index = at % message.length;
    message.writeUInt8(message.readUInt8(index) ^ change, index);
    assert.notEqual(wordFor(await exchange.respond(message)), "success");
  });
  await fc.assert(play, { numRuns: 200 });
});
