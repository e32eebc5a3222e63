// Actions of a browser: what the server offers over HTTP (XEP-0156).
import { get } from "node:http";
import { get as getSecurely } from "node:https";
import { match } from "../scene/match.js";
import type { ServerUnderTest } from "../server-under-test.js";
import { parseDocument, serialize } from "../xml/element.js";
import type { Action, Cue } from "./action.js";

/** What came back on the last request. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export const httpActions: readonly Action[] = [
  [/^gets$/, gets],
  [/^receives status$/, ({ actor, step }) => expectEqual(String(answerOf(actor).status), step.argument, "the status")],
  [/^receives header$/, receivesHeader],
  [/^receives document$/, receivesDocument],
  [/^receives body with$/, receivesBodyWith],
];

async function gets({ actor, stage, step }: Cue): Promise<void> {
  if (stage.server.httpUrl === undefined) throw new Error("the server has no HTTP address");
  actor.answer = await fetchText(new URL(step.argument, stage.server.httpUrl), stage.server);
}

/** Asks the address for what the domain offers: virtual hosts go by the name. */
function fetchText(url: URL, { domain, isCertificateTrusted }: ServerUnderTest): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const open = url.protocol === "https:" ? getSecurely : get;
    const headers = { host: `${domain}:${url.port}` };
    const options = { headers, servername: domain, rejectUnauthorized: isCertificateTrusted, timeout: 5000 };
    const request = open(url, options, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const { statusCode = 0, headers } = response;
        resolve({ status: statusCode, headers, body: Buffer.concat(chunks).toString("utf8") });
      });
    });
    request.on("error", reject);
    request.on("timeout", () => request.destroy(new Error("there was no answer within 5 s")));
  });
}

function receivesHeader({ actor, step }: Cue): void {
  const [name = "", value = ""] = step.argument.split(" = ");
  expectEqual(String(answerOf(actor).headers[name.toLowerCase()]), value, name);
}

function receivesDocument({ actor, stage, step }: Cue): void {
  const document = parseDocument(answerOf(actor).body);
  for (const expected of stage.elements(step.block)) {
    const result = match(expected, document);
    if ("mismatch" in result) throw new Error(`${result.mismatch}\n  came ${serialize(document)}`);
  }
}

/** Whitespace does not count. */
function receivesBodyWith({ actor, step }: Cue): void {
  const { body } = answerOf(actor);
  const isThere = body.replace(/\s+/g, "").includes(step.argument.replace(/\s+/g, ""));
  if (!isThere) throw new Error(`expected ${step.argument}, but came ${body}`);
}

function answerOf(actor: Cue["actor"]): HttpAnswer {
  if (actor.answer === undefined) throw new Error("nothing was asked for yet");
  return actor.answer;
}

function expectEqual(actual: string, expected: string, what: string): void {
  if (actual !== expected) throw new Error(`${what} should be ${expected}, not ${actual}`);
}
