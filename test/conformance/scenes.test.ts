// Plays every scene of conformance/ against a server in this process, several at a time; then each has its say.
import assert from "node:assert/strict";
import test from "node:test";
import { readExpectations } from "../../conformance/runner/expectations.js";
import { runScenes, type Outcome } from "../../conformance/runner/run-scenes.js";
import { loadScenes } from "../../conformance/scene/load-scenes.js";
import { startRookery } from "./rookery.js";

/** What this server does not advertise by default. */
const notAdvertised = [
  "xep-0045/configure-notifies-logging",
  "xep-0045/configure-notifies-no-logging",
  "xep-0045/enter-logged-room-is-a-warning",
  "xep-0045/registration-is-not-for-this-service",
  "xep-0045/reserved-nickname-is-not-for-this-service",
  "xep-0077/registration-before-login",
  "xep-0077/registration-conflict",
];

const [scenes, expectations, played] = await Promise.all([loadScenes(), readExpectations("rookery"), startRookery()]);
const outcomes = await runScenes({ scenes, server: played.server, expectations, patience: 10_000 });
await played.stop();

for (const outcome of outcomes) test(`${outcome.scene.id}: ${outcome.scene.title}`, () => assertGood(outcome));

test("the server logged no error", () => assert.deepEqual(played.errors, []));

test("every expectation names a scene", () => {
  const ids = scenes.map(({ id }) => id);
  assert.deepEqual(
    Object.keys(expectations).filter((id) => !ids.includes(id)),
    [],
  );
});

function assertGood(outcome: Outcome): void {
  const { id, spec, section, quote } = outcome.scene;
  switch (outcome.result) {
    case "passed":
    case "excused":
      return assert.ok(!notAdvertised.includes(id), "it is advertised now");
    case "failed":
      return assert.fail(`${outcome.failure.message}\n${spec} §${section}: ${quote}\n${transcript(outcome.failure)}`);
    case "surprising":
      return assert.fail("It passed: take it out of conformance/expectations/rookery.json.");
    case "not advertised":
      return assert.ok(notAdvertised.includes(id), `not advertised: ${outcome.missing.join(", ")}`);
    case "not run":
      return assert.fail(outcome.reason);
  }
}

function transcript({ transcripts }: { readonly transcripts: ReadonlyMap<string, readonly string[]> }): string {
  return [...transcripts].flatMap(([name, lines]) => lines.map((line) => `${name} ${line}`)).join("\n");
}
