// Actions about stanzas: sends, receives and its varieties, receives nothing.
import { describe } from "../client/connection.js";
import { match } from "../scene/match.js";
import { serialize, type XmlElement } from "../xml/element.js";
import type { Action, Cue } from "./action.js";
import { settle } from "./quiet.js";

export const stanzaActions: readonly Action[] = [
  [/^sends$/, sends],
  [/^sends raw$/, ({ actor, stage, step }) => actor.connection.send(stage.expand(step.block || step.argument, false))],
  [
    /^sends bytes$/,
    ({ actor, stage, step }) => actor.connection.send(bytesOf(stage.expand(step.block || step.argument))),
  ],
  [/^sends frame$/, ({ actor, step }) => actor.connection.send(step.argument.replace(/^"|"$/g, ""))],
  [/^receives$/, receives],
  [/^receives nothing$/, receivesNothing],
  [/^receives nothing or one of$/, receivesNothingOrOneOf],
  [/^receives one of$/, receivesOneOf],
  [/^receives in any order$/, receivesInAnyOrder],
  [/^eventually receives$/, eventuallyReceives],
  [/^eventually receives unless (.+) differs from (.+)$/, eventuallyReceivesUnless],
  [/^eventually receives in any order$/, eventuallyReceivesInAnyOrder],
  [/^finds equal$/, (cue) => compare(cue, true)],
  [/^finds different$/, (cue) => compare(cue, false)],
  [/^skips presence$/, skipsPresence],
  [/^skips what came$/, async ({ actor, stage }) => void (await settle(stage, actor))],
];

function sends({ actor, stage, step }: Cue): void {
  for (const { attributes } of stage.elements(step.block, actor.contentNamespace)) remember(attributes.get("to"));
  actor.send(stage.expand(step.block).replace(/>\s+</g, "><"));

  function remember(to: string | undefined): void {
    const bare = to?.replace(/\/.*$/s, "");
    const isAnswering =
      bare?.endsWith(`@${stage.server.domain}`) === true || (bare !== undefined && stage.isRoom(bare));
    if (isAnswering) actor.addressed.add(bare);
  }
}

function bytesOf(hexadecimal: string): Buffer {
  return Buffer.from(hexadecimal.replace(/\s+/g, ""), "hex");
}

async function skipsPresence({ actor, stage }: Cue): Promise<void> {
  const came = await settle(stage, actor);
  actor.connection.putBack(came.filter((event) => event.kind !== "element" || event.element.name !== "presence"));
}

/** Two texts with ` = ` between them. */
function compare({ stage, step }: Cue, isEqual: boolean): void {
  const [one = "", other = ""] = stage.expand(step.argument, false).split(" = ");
  if ((one === other) !== isEqual)
    throw new Error(`«${one}» and «${other}» should be ${isEqual ? "equal" : "different"}`);
}

async function receives(cue: Cue): Promise<void> {
  if (cue.step.argument === "nothing") return receivesNothing(cue);
  for (const expected of expectedOf(cue)) {
    const stanza = await cue.actor.nextStanza();
    const mismatch = attempt(cue, expected, stanza);
    if (mismatch !== undefined) throw new Error(`${mismatch}\n  came ${serialize(stanza)}`);
  }
}

async function receivesNothing({ actor, stage }: Cue): Promise<void> {
  const came = await settle(stage, actor);
  if (came.length > 0) throw new Error(`expected nothing, but came ${came.map(describe).join("\n  and ")}`);
}

/** For clauses that leave the choice between silence and an answer. */
async function receivesNothingOrOneOf(cue: Cue): Promise<void> {
  const came = await settle(cue.stage, cue.actor);
  const [event] = came;
  if (event === undefined) return;
  const isAllowed = expectedOf(cue).some(
    (expected) => event.kind === "element" && attempt(cue, expected, event.element) === undefined,
  );
  if (!isAllowed || came.length > 1) throw new Error(`came ${came.map(describe).join("\n  and ")}`);
}

async function receivesOneOf(cue: Cue): Promise<void> {
  const stanza = await cue.actor.nextStanza();
  const mismatches = expectedOf(cue).map((expected) => attempt(cue, expected, stanza));
  if (!mismatches.includes(undefined)) throw new Error(`${mismatches.join("; ")}\n  came ${serialize(stanza)}`);
}

async function receivesInAnyOrder(cue: Cue): Promise<void> {
  const awaited = expectedOf(cue);
  while (awaited.length > 0) {
    const stanza = await cue.actor.nextStanza();
    const found = awaited.findIndex((expected) => attempt(cue, expected, stanza) === undefined);
    if (found < 0)
      throw new Error(
        `still awaited: ${awaited.map((one) => serialize(one)).join("\n  ")}\n  came ${serialize(stanza)}`,
      );
    awaited.splice(found, 1);
  }
}

async function eventuallyReceives(cue: Cue): Promise<void> {
  for (const expected of expectedOf(cue)) {
    await cue.actor.waitFor((stanza) => attempt(cue, expected, stanza) === undefined, serialize(expected));
  }
}

/** For clauses whose consequence depends on what the server chose; what was not captured differs from everything. */
async function eventuallyReceivesUnless(cue: Cue): Promise<void> {
  const [one, other] = cue.words.map((word) =>
    cue.stage.variables.knows(word) ? cue.stage.expand(word, false) : undefined,
  );
  if (one !== undefined && one === other) await eventuallyReceives(cue);
}

async function eventuallyReceivesInAnyOrder(cue: Cue): Promise<void> {
  const awaited = expectedOf(cue);
  while (awaited.length > 0) {
    const isAwaited = (stanza: XmlElement) => awaited.findIndex((one) => attempt(cue, one, stanza) === undefined);
    await cue.actor.waitFor(
      (stanza) => isAwaited(stanza) >= 0 && awaited.splice(isAwaited(stanza), 1).length > 0,
      awaited.map((one) => serialize(one)).join(" or "),
    );
  }
}

function expectedOf({ actor, stage, step }: Cue): XmlElement[] {
  const expected = stage.elements(step.block, actor.contentNamespace);
  if (expected.length === 0) throw new Error("the scene does not say what is received");
  return expected;
}

/** Matches, keeping what was captured. Gives what does not match. */
function attempt({ stage }: Cue, expected: XmlElement, stanza: XmlElement): string | undefined {
  const result = match(expected, stanza);
  if ("mismatch" in result) return result.mismatch;
  for (const [name, value] of result.captures) stage.variables.set(name, value);
  return undefined;
}
