// EXTERNAL (RFC 4422 appendix A, XEP-0178 §2): the client's certificate says who it is.
import type { AccountKey } from "../../storage/records.js";
import { alternativeNamesIn } from "../../net/certificate-fields.js";
import type { SaslStep } from "../identity.js";
import { clientFirst, decodeText, failure, refusal, type Mechanism, type MechanismContext } from "./mechanism.js";

/** Octets: a bare JID. */
const LONGEST_MESSAGE = 2 * 1023 + 1;

export const external: Mechanism = {
  name: "EXTERNAL",
  bindsChannel: false,
  // Certificates without a JID of this host lead to no account here (XEP-0178 §2 lets a server leave that case out).
  isOffered: (context) => certifiedUsers(context).length > 0,
  begin: (context) => clientFirst(async (data) => ({ step: await check(context, data) })),
};

async function check(context: MechanismContext, data: Buffer): Promise<SaslStep> {
  const authzid = decodeText(data, LONGEST_MESSAGE);
  if (authzid === undefined) return failure("malformed-request");
  const user = choose(context, authzid);
  if (user === undefined) return failure("invalid-authzid");
  const standing = await context.backend.standing(user);
  if (standing !== "active") return refusal(standing === "disabled" ? "disabled" : "refused");
  return { kind: "success", identity: { user, mechanism: external.name, isAnonymous: false }, data: undefined };
}

/** The one that the certificate names, or of several the one that the client asks for. */
function choose(context: MechanismContext, authzid: string): string | undefined {
  const users = certifiedUsers(context);
  if (authzid === "") return users.length === 1 ? users[0] : undefined;
  const wanted = context.preparation.bareJid(authzid);
  return wanted?.host === context.host ? users.find((user) => user === wanted.user) : undefined;
}

/** Users of this host that the certificate was made out to, each once. */
function certifiedUsers({ channel, host, preparation }: MechanismContext): readonly string[] {
  const certificate = channel.clientCertificate();
  if (certificate === undefined) return [];
  const keys = alternativeNamesIn(certificate.raw).xmpp.map((address) => preparation.bareJid(address));
  const own = keys.filter((key): key is AccountKey => key?.host === host);
  return [...new Set(own.map(({ user }) => user))];
}
