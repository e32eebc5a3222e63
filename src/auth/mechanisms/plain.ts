// PLAIN (RFC 4616): name and password as they are, so only on a secure channel.
import type { AuthenticationBackend, Verdict } from "../backend.js";
import type { SaslStep } from "../identity.js";
import type { Clock } from "../throttle.js";
import {
  clientFirst,
  decodeText,
  failure,
  isOwnAuthzid,
  refusal,
  type Mechanism,
  type MechanismContext,
} from "./mechanism.js";

/** Octets: three parts of at most 1 023, and two NULs. */
const LONGEST_MESSAGE = 3 * 1023 + 2;

/**
 * Milliseconds. Refusals are given at multiples of this after the attempt began: so nobody can tell by the time whether
 * PBKDF2 or bcrypt was at work, how many iterations an account has, or that it does not exist.
 */
const REFUSAL_RHYTHM = 500;

export const plain: Mechanism = {
  name: "PLAIN",
  bindsChannel: false,
  isOffered: ({ channel, backend }) => channel.isSecure && backend.checkPassword !== undefined,
  begin: (context) => clientFirst(async (data) => ({ step: await check(context, data) })),
};

async function check(context: MechanismContext, data: Buffer): Promise<SaslStep> {
  const { host, backend, channel, clock, preparation, throttle } = context;
  const [authzid, name, password, ...rest] = decodeText(data, LONGEST_MESSAGE)?.split("\0") ?? [];
  if (authzid === undefined || !name || !password || rest.length > 0) return failure("malformed-request");
  const user = preparation.localpart(name);
  if (user === undefined) return failure("not-authorized");
  if (!isOwnAuthzid(context, user, authzid)) return failure("invalid-authzid");
  const verdict = await throttle.attempt({ host, user }, channel.remoteAddress, () =>
    inRhythm(clock, () => checkPassword(backend, user, password)),
  );
  if (verdict !== "accepted") return refusal(verdict);
  return { kind: "success", identity: { user, mechanism: plain.name, isAnonymous: false }, data: undefined };
}

async function inRhythm(clock: Clock, judge: () => Promise<Verdict>): Promise<Verdict> {
  const begun = clock.now();
  const verdict = await judge();
  const elapsed = clock.now() - begun;
  if (verdict === "refused") await clock.sleep(REFUSAL_RHYTHM - (elapsed % REFUSAL_RHYTHM));
  return verdict;
}

function checkPassword(backend: AuthenticationBackend, user: string, password: string): Promise<Verdict> {
  if (backend.checkPassword === undefined) throw new TypeError("PLAIN needs a source that checks passwords");
  return backend.checkPassword(user, password);
}
