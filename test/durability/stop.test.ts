// SIGTERM under load: everybody is told, nothing is lost, and the process ends with 0 (ARCHITECTURE §6).
import assert from "node:assert/strict";
import { test } from "node:test";
import { RawClient } from "../support/raw-client.js";
import { DiaryKeeper, LetterWriter, RosterKeeper, Suitor } from "./actors.js";
import { host, Household, ServerProcess } from "./server-process.js";

test("SIGTERM: streams end with <system-shutdown/>, what was acknowledged is there, the exit code is 0", async (context) => {
  const household = new Household();
  context.after(() => household.remove());
  const writer = new LetterWriter("paris", "laurence");
  const actors = [writer, new RosterKeeper("mercutio"), new DiaryKeeper("nurse"), new Suitor("romeo", "juliet")];
  await household.settle(["laurence", "benvolio", ...actors.flatMap(({ users }) => users)]);
  const server = await ServerProcess.start(household);
  context.after(() => server.kill());
  const bystander = await server.login("benvolio");
  await bystander.becomesAvailable();
  const stranger = await RawClient.tcp(server.port, host);
  await stranger.opens();

  const made = new Promise<void>((resolve) => {
    let promises = 0;
    for (const actor of actors) actor.act(server, () => void (++promises === 100 && resolve())).catch(() => undefined);
  });
  await made;
  const exitCode = server.terminate();
  await bystander.endsWith("system-shutdown");
  await stranger.endsWith("system-shutdown");
  assert.equal(await exitCode, 0);
  assert.equal(server.complaints, "");

  const letters = await household.withStorage(({ offline }) => offline.read({ host, user: "laurence" }, 0, 1_000_000));
  writer.check(letters.map(({ stanza }) => Number(/<body>(\d+)</.exec(stanza)?.[1])));
  const again = await ServerProcess.start(household);
  context.after(() => again.kill());
  await Promise.all(actors.map((actor) => actor.verify(again)));
});
