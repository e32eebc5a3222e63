// XEP-0045 §5.1.1, §5.2.1: what roles and affiliations allow.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  hasVoice,
  mayChangeSubject,
  mayInvite,
  maySendPrivateMessages,
  requireMayEnter,
  requireMayGetList,
} from "../../../xeps/0045-multi-user-chat/permissions.js";
import type { ListRequest } from "../../../xeps/0045-multi-user-chat/admin-request.js";
import type { Affiliation, Role, Standing } from "../../../xeps/0045-multi-user-chat/standing.js";
import { affiliations, roles } from "../../../xeps/payloads/0045-multi-user-chat.js";
import { outcomeOf } from "./conditions.js";

const all = ["moderator", "participant", "visitor"] as const;

test("banned users enter no room, and strangers no members-only room", () => {
  const entries = (isMembersOnly: boolean): string[] =>
    affiliations.map((affiliation) => outcomeOf(() => requireMayEnter(affiliation, { isMembersOnly })));
  assert.deepEqual([...affiliations], ["owner", "admin", "member", "none", "outcast"]);
  assert.deepEqual(entries(false), ["yes", "yes", "yes", "yes", "forbidden"]);
  assert.deepEqual(entries(true), ["yes", "yes", "yes", "registration-required", "forbidden"]);
});

test("participants and moderators speak; moderators set the subject, participants if they may", () => {
  assert.deepEqual([...roles], ["moderator", "participant", "visitor", "none"]);
  assert.deepEqual(roles.map(hasVoice), [true, true, false, false]);
  const setters = (isOpen: boolean): boolean[] => roles.map((role) => mayChangeSubject(role, { mayChangeSubject: isOpen })); // prettier-ignore
  assert.deepEqual(setters(false), [true, false, false, false]);
  assert.deepEqual(setters(true), [true, true, false, false]);
});

test("private messages are for whom the configuration says", () => {
  const writers = (privateMessages: "anyone" | "participants" | "moderators" | "none"): boolean[] =>
    roles.map((role) => maySendPrivateMessages(role, { privateMessages }));
  assert.deepEqual(writers("anyone"), [true, true, true, false]);
  assert.deepEqual(writers("participants"), [true, true, false, false]);
  assert.deepEqual(writers("moderators"), [true, false, false, false]);
  assert.deepEqual(writers("none"), [false, false, false, false]);
});

test("occupants invite into open rooms, and into members-only rooms admins and owners unless members may", () => {
  const inviters = (isMembersOnly: boolean, isOpen: boolean): string[] =>
    affiliations.flatMap((affiliation) =>
      roles
        .filter((role) => mayInvite({ affiliation, role }, { isMembersOnly, mayInvite: isOpen }))
        .map((role) => `${affiliation}/${role}`),
    );
  const administrators = ["owner", "admin"].flatMap((affiliation) => roles.map((role) => `${affiliation}/${role}`));
  const occupants = ["member", "none"].flatMap((affiliation) => all.map((role) => `${affiliation}/${role}`));
  assert.deepEqual(inviters(true, false), administrators);
  assert.deepEqual(inviters(true, true), [...administrators, ...occupants]);
  assert.deepEqual(inviters(false, false), [...administrators, ...occupants]);
});

function listing(list: ListRequest, isNonAnonymous: boolean, memberListRoles: readonly Role[] = all): string[] {
  const askers: readonly Standing[] = affiliations.flatMap((affiliation) =>
    roles.map((role) => ({ affiliation, role })),
  );
  const may = (asker: Standing): string =>
    outcomeOf(() => requireMayGetList(asker, list, { isNonAnonymous, memberListRoles }));
  assert.ok(askers.every((asker) => ["yes", "forbidden"].includes(may(asker))));
  return askers.filter((asker) => may(asker) === "yes").map(({ affiliation, role }) => `${affiliation}/${role}`);
}

function every(...names: readonly Affiliation[]): string[] {
  return names.flatMap((affiliation) => roles.map((role) => `${affiliation}/${role}`));
}

test("§10.5, §10.8: in semi-anonymous rooms only owners get the lists of owners and admins", () => {
  for (const affiliation of ["owner", "admin"] as const) {
    assert.deepEqual(listing({ affiliation }, false), every("owner"));
    const open = [...every("owner", "admin", "member"), "none/moderator", "none/participant", "none/visitor"];
    assert.deepEqual(listing({ affiliation }, true), open);
  }
});

test("§9.2: the ban list is for admins and owners", () => {
  for (const isNonAnonymous of [true, false])
    assert.deepEqual(listing({ affiliation: "outcast" }, isNonAnonymous), every("owner", "admin"));
});

test("§9.5, §5.2.1: the member list is for occupants and members where addresses are no secret", () => {
  const member = { affiliation: "member" } as const;
  const administrators = every("owner", "admin");
  assert.deepEqual(listing(member, false), [...administrators, "member/moderator", "none/moderator"]);
  assert.deepEqual(listing(member, false, []), administrators);
  assert.deepEqual(listing(member, true, []), administrators);
  assert.deepEqual(listing(member, true, ["participant"]), [
    ...administrators,
    "member/participant",
    "member/none",
    "none/participant",
  ]);
});

test("§8.5, §9.8: moderators get the lists of those with and without voice, admins that of moderators too", () => {
  const administrators = every("owner", "admin");
  assert.deepEqual(listing({ role: "moderator" }, true), administrators);
  for (const role of ["participant", "visitor"] as const)
    assert.deepEqual(listing({ role }, true), [...administrators, "member/moderator", "none/moderator"]);
});
