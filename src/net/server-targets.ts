// What the SRV records of a domain's two services come to (RFC 6120 §3.2.1, XEP-0368 §3).
import type { Answer } from "./name-questions.js";
import { ordered, type ServiceRecord } from "./service-records.js";
import { isHostName, type Target } from "./target.js";

interface Candidate extends ServiceRecord {
  readonly isDirectTls: boolean;
}

/**
 * Where to try, in that order; nothing when no record is of use.
 * @param plain answer for `_xmpp-server`
 * @param direct answer for `_xmpps-server`
 */
export function targetsIn(
  plain: Answer<ServiceRecord>,
  direct: Answer<ServiceRecord>,
  random: () => number,
): readonly Target[] {
  // Mixed, as if they were of one service. The target "." says that one of the services is not there: it has no name.
  const records = [...candidates(plain, false), ...candidates(direct, true)].filter(isUsable);
  const targets = ordered(records, random).map(targetOf);
  const distinct = new Map(targets.map((target) => [`${target.host} ${target.port} ${target.isDirectTls}`, target]));
  return [...distinct.values()];
}

function candidates({ records }: Answer<ServiceRecord>, isDirectTls: boolean): Candidate[] {
  return records.map((record) => ({ ...record, isDirectTls }));
}

function isUsable({ name, port }: Candidate): boolean {
  return port > 0 && isHostName(name);
}

function targetOf({ name, port, isDirectTls }: Candidate): Target {
  return { host: name.toLowerCase(), port, isDirectTls, source: "srv" };
}
