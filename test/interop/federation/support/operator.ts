// What Rookery's operator learns of other servers by the command line.
import type { FederationSummary } from "../../../../src/s2s/summary.js";
import type { Member } from "./member.js";
import { rookeryCommand } from "./rookery.js";

/** `rookery s2s list` */
export async function listStreams(member: Member): Promise<FederationSummary["streams"]> {
  // this is what the command prints
  const { streams } = JSON.parse(await answerTo(member, "s2s", "list")) as FederationSummary;
  return streams;
}

/** `rookery s2s check DOMAIN`: the reason why the domain can't be reached, if it can't. */
export async function reasonAgainst(member: Member, domain: string): Promise<string | undefined> {
  // this is what the command prints
  const { failure } = JSON.parse(await answerTo(member, "s2s", "check", domain)) as {
    failure: { reason: string } | null;
  };
  return failure?.reason;
}

async function answerTo(member: Member, ...command: readonly string[]): Promise<string> {
  const program = await rookeryCommand(member.folder, ...command, "--json");
  await program.finishes();
  return program.output;
}
