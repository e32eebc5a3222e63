// rookery s2s check: the way to another server, step by step, in plain words.
import { resolve } from "node:path";
import type { Config } from "../../config/config.js";
import type { Declarations } from "../../config/declarations.js";
import { loadConfig } from "../../config/load.js";
import { readOrCreateSecrets } from "../../config/secrets.js";
import { systemClock } from "../../extension/clock.js";
import { silentLog } from "../../observability/log.js";
import { Trace } from "../../observability/trace.js";
import { Router } from "../../routing/router.js";
import type { Federation } from "../../s2s/federation.js";
import { probe } from "../../s2s/probe.js";
import { reportedFailure, type ReportedFailure, reportOf, type ReportStep } from "../../s2s/report.js";
import { memoryStorage } from "../../storage/memory/memory-storage.js";
import { openCertificates } from "../../server/certificates.js";
import { makeFederation } from "../../server/federation.js";
import { command, type Command, type Interaction } from "../command.js";
import { ExitCode, refuse } from "../failure.js";
import { field, readInput } from "../field.js";
import { makeStyle, type Style } from "../style.js";
import { hasColor } from "../terminal.js";

interface Checked {
  readonly domain: string;
  readonly from: string;
  readonly isReachable: boolean;
  readonly steps: readonly ReportStep[];
  readonly failure: ReportedFailure | null;
}

const fields = {
  domain: field.host("the domain of the other server"),
  from: field.optional(
    field.host("which of our hosts, or services of theirs, goes there; the first host when left out"),
  ),
};

const whoActs = {
  us: "This is ours to mend",
  them: "The operator of that server has to do something",
  network: "This is between the two servers",
  nobody: "Nothing has to be done",
} as const;

export function makeS2sCheck(declarations: Declarations): Command {
  return command<Checked, typeof fields>({
    name: "s2s check",
    sentence: "Goes to another server step by step, and says in plain words what is wrong, and who has to mend it.",
    details:
      "DNS, connections, TLS and its certificates, authentication; nothing else is sent. It works without the server, too,\n" +
      "but dialback needs it running, for the other side asks it. Exits with 1 when the domain can't be reached.",
    place: "local",
    fields,
    positional: ["domain"],
    interact: (interaction) => check(interaction, declarations),
    exitCode: ({ isReachable }) => (isReachable ? ExitCode.ok : ExitCode.failed),
    render: verdict,
  });
}

async function check(interaction: Interaction<unknown>, declarations: Declarations): Promise<Checked> {
  const { terminal, configFile, input, isJson } = interaction;
  const { domain, from } = readInput(fields, input);
  const file = configFile === undefined ? undefined : resolve(terminal.directory, configFile);
  const config = await loadConfig(file, terminal.directory, declarations);
  const local = from ?? config.hosts[0]?.domain ?? "";
  if (config.hostServing(local) === undefined) refuse(`${local} is not served here.`);
  if (config.hostServing(domain) !== undefined) refuse(`${domain} is served here: there is no way to go.`);
  const style = makeStyle(hasColor(terminal.out, terminal));
  const steps: ReportStep[] = [];
  let last: string | undefined;
  const failure = await probe(await federationOf(config), local, domain, (walked) => {
    const step = reportOf(walked, domain);
    steps.push(step);
    if (isJson) return;
    if (last !== undefined) terminal.out.write(last);
    last = `${shown(step, style)}\n`;
    if (step.step === "failure") return; // if nothing follows, it is the verdict, which says the same
    terminal.out.write(last);
    last = undefined;
  });
  const reported = failure === undefined ? null : reportedFailure(failure);
  return { domain, from: local, isReachable: failure === undefined, steps, failure: reported };
}

/** As the server would be, but that it takes nothing: stanzas that came on this stream would be lost. */
async function federationOf(config: Config): Promise<Federation> {
  const { dialback } = await readOrCreateSecrets(config.data);
  const certificates = await openCertificates(config, Date.now());
  const parts = { router: new Router(), clock: systemClock, log: silentLog, trace: new Trace(), certificates };
  const storage = memoryStorage(); // nothing is sent, so nothing waits
  return makeFederation(
    config,
    { ...parts, secret: dialback, storage },
    { bidirectional: false, stream_management: false },
  );
}

function shown({ outcome, text, details }: ReportStep, style: Style): string {
  const mark = { good: style.good("✓"), bad: style.bad("✗"), neutral: style.dim("·") }[outcome];
  return [`${mark} ${text}`, ...details.map((line) => style.dim(`    ${line}`))].join("\n");
}

/** The steps have been shown while they were taken. */
function verdict({ domain, from, failure }: Checked, style: Style): string {
  if (failure === null) return `\n${style.good(`${from} can exchange stanzas with ${domain}.`)}`;
  return [
    "",
    `${style.bad(`${from} can't exchange stanzas with ${domain}`)} (${failure.reason}): ${failure.text}`,
    `${whoActs[failure.party]}: ${failure.advice}`,
  ].join("\n");
}
