// Killed at any moment under load and started again, the server has lost nothing that it acknowledged (ARCHITECTURE §6).
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Actor, DiaryKeeper, LetterWriter, PasswordChanger, RosterKeeper, Suitor } from "./actors.js";
import { host, Household, ServerProcess } from "./server-process.js";

const addressee = "laurence";
const writers = ["paris", "peter", "abram", "gregory"].map((user) => new LetterWriter(user, addressee));
const actors: readonly Actor[] = [
  ...writers,
  ...["mercutio", "benvolio", "tybalt"].map((user) => new RosterKeeper(user)),
  ...["nurse", "capulet"].map((user) => new DiaryKeeper(user)),
  new PasswordChanger("escalus"),
  new Suitor("romeo", "juliet"),
  new Suitor("sampson", "rosaline"),
];

/** Lets everybody act until so many promises have been made, and pulls the plug. */
async function actAndKill(server: ServerProcess, promises: number): Promise<void> {
  let [made, isKilled] = [0, false];
  const killed = new Promise<void>((resolve, reject) => {
    const acknowledged = (): void => {
      if ((made += 1) !== promises) return;
      isKilled = true;
      server.kill().then(resolve, reject);
    };
    for (const actor of actors) {
      actor.act(server, acknowledged).catch((error: unknown) => {
        if (!isKilled) reject(new Error(`${actor.users[0]} was interrupted: ${server.complaints}`, { cause: error }));
      });
    }
  });
  await killed;
}

/** The numbers of the letters that wait, by writer, in the order of the database. */
async function lettersIn(household: Household): Promise<ReadonlyMap<string, readonly number[]>> {
  const letters = new Map<string, number[]>();
  const stored = await household.withStorage(({ offline }) => offline.read({ host, user: addressee }, 0, 1_000_000));
  for (const { stanza } of stored) {
    const [, writer = "", number] = /from='([^@]*)@.*<body>(\d+)<\/body>/.exec(stanza) ?? [];
    letters.set(writer, [...(letters.get(writer) ?? []), Number(number)]);
  }
  return letters;
}

async function verify(server: ServerProcess): Promise<void> {
  await Promise.all(actors.map((actor) => actor.verify(server)));
  assert.equal(server.complaints, "");
}

test("whatever was acknowledged before kill -9 is there, once, in order, and rosters agree", async (context) => {
  const household = new Household();
  context.after(() => household.remove());
  const start = async (): Promise<ServerProcess> => {
    const server = await ServerProcess.start(household);
    context.after(() => server.kill());
    return server;
  };
  await household.settle([addressee, ...actors.flatMap(({ users }) => users)]);
  for (const promises of [1, 25, 120, 400]) {
    const server = await start();
    await verify(server);
    await actAndKill(server, promises);
    const letters = await lettersIn(household);
    for (const writer of writers) writer.check(letters.get(writer.users[0] ?? "") ?? []);
  }
  await verify(await start());
});
