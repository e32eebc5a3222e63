// What somebody may do in a room by role, affiliation and configuration: the tables of XEP-0045 §5.1.1 and §5.2.1.
import { StanzaError } from "../../src/extension/index.js";
import type { ListRequest } from "./admin-request.js";
import type { RoomConfiguration } from "./configuration.js";
import { isAdministrator, isModerating } from "./privileges.js";
import type { Affiliation, Role, Standing } from "./standing.js";

type Settings<Name extends keyof RoomConfiguration> = Pick<RoomConfiguration, Name>;

/** §7.2.7, §7.2.8. */
export function requireMayEnter(affiliation: Affiliation, { isMembersOnly }: Settings<"isMembersOnly">): void {
  if (affiliation === "outcast") throw new StanzaError("forbidden", { text: "You are banned from this room." });
  if (isMembersOnly && affiliation === "none")
    throw new StanzaError("registration-required", { text: "Only members may enter this room." });
}

/** Whether somebody with this role has voice: may send messages to all (§5.1.1). */
export function hasVoice(role: Role): boolean {
  return role === "participant" || role === "moderator";
}

/** §8.1: moderators, and whoever has voice if the configuration says so. */
export function mayChangeSubject(role: Role, { mayChangeSubject }: Settings<"mayChangeSubject">): boolean {
  return role === "moderator" || (mayChangeSubject && hasVoice(role));
}

/** §7.5, by muc#roomconfig_allowpm. */
export function maySendPrivateMessages(role: Role, { privateMessages }: Settings<"privateMessages">): boolean {
  if (privateMessages === "anyone") return role !== "none";
  if (privateMessages === "participants") return hasVoice(role);
  return privateMessages === "moderators" && role === "moderator";
}

/** §7.8.2, §9.5: into a members-only room an invitation is an admission, so there it is for admins unless configured. */
export function mayInvite(
  { affiliation, role }: Standing,
  configuration: Settings<"isMembersOnly" | "mayInvite">,
): boolean {
  if (affiliation === "outcast") return false;
  if (isAdministrator(affiliation)) return true;
  return role !== "none" && (!configuration.isMembersOnly || configuration.mayInvite);
}

/**
 * Who may read which list (§8.5, §9.2, §9.5, §9.8, §10.5, §10.8).
 * @throws StanzaError forbidden
 */
export function requireMayGetList(
  asker: Standing,
  list: ListRequest,
  configuration: Settings<"isNonAnonymous" | "memberListRoles">,
): void {
  const mayGet =
    "role" in list ? mayGetRoles(asker, list.role) : mayGetAffiliations(asker, list.affiliation, configuration);
  if (!mayGet) throw new StanzaError("forbidden", { text: "You may not see this list." });
}

function mayGetRoles(asker: Standing, wanted: Role): boolean {
  return wanted === "moderator" ? isAdministrator(asker.affiliation) : isModerating(asker); // §9: moderators, for admins
}

function mayGetAffiliations(
  asker: Standing,
  wanted: Affiliation,
  configuration: Settings<"isNonAnonymous" | "memberListRoles">,
): boolean {
  if (asker.affiliation === "owner") return true;
  if (wanted === "owner" || wanted === "admin") {
    return configuration.isNonAnonymous && mayGetMembers(asker, configuration); // §10.5, §10.8: a MAY
  }
  if (asker.affiliation === "admin") return true;
  return wanted === "member" && mayGetMembers(asker, configuration);
}

/** §9.5; in semi-anonymous rooms only those who see addresses anyway (§5.2.1). */
function mayGetMembers(
  { affiliation, role }: Standing,
  { isNonAnonymous, memberListRoles }: Settings<"isNonAnonymous" | "memberListRoles">,
): boolean {
  if (affiliation === "outcast") return false;
  if (isAdministrator(affiliation)) return true;
  if (!isNonAnonymous) return role === "moderator" && memberListRoles.includes(role);
  // §9.5: a member who is not in the room counts as the participant that they would be
  const roleInRoom = role === "none" && affiliation === "member" ? "participant" : role;
  return roleInRoom !== "none" && memberListRoles.includes(roleInRoom);
}
