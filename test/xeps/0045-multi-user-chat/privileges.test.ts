// XEP-0045 §5.1.3, §5.2.2, §8–§10: who may change whose role and affiliation, over all there are.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  defaultRole,
  requireMayChangeAffiliation,
  requireMayChangeRole,
  requireOwnerRemains,
} from "../../../xeps/0045-multi-user-chat/privileges.js";
import type { Affiliation, Role, Standing } from "../../../xeps/0045-multi-user-chat/standing.js";
import { affiliations, roles } from "../../../xeps/payloads/0045-multi-user-chat.js";
import { type Outcome, outcomeOf } from "./conditions.js";

const standings: readonly Standing[] = affiliations.flatMap((affiliation) => roles.map((role) => ({ affiliation, role }))); // prettier-ignore

/** "member/participant". */
function standing(text: string): Standing {
  const [affiliation, role] = text.split("/");
  return { affiliation: affiliation as Affiliation, role: role as Role };
}

function role(actor: string, target: string, to: Role): Outcome {
  return outcomeOf(() => requireMayChangeRole(standing(actor), standing(target), to));
}

/** Checks a table: a line for each actor, a column for each target. */
function checkRoles(to: Role, table: string): void {
  const [head = "", ...lines] = table.trim().split("\n");
  const targets = head.trim().split(/\s+/);
  for (const line of lines) {
    const [actor = "", ...outcomes] = line.trim().split(/\s+/);
    assert.equal(outcomes.length, targets.length, line);
    const found = targets.map((target) => role(actor, target, to));
    assert.deepEqual(found, outcomes, `${actor} makes ${head.trim()} ${to}`);
  }
}

test("§5.1.2: the first role comes of the affiliation and the kind of room", () => {
  const rolesIn = (isModerated: boolean, isMembersOnly: boolean): readonly Role[] =>
    affiliations.map((affiliation) => defaultRole(affiliation, { isModerated, isMembersOnly }));
  assert.deepEqual([...affiliations], ["owner", "admin", "member", "none", "outcast"]);
  assert.deepEqual(rolesIn(false, false), ["moderator", "moderator", "participant", "participant", "none"]);
  assert.deepEqual(rolesIn(true, false), ["moderator", "moderator", "participant", "visitor", "none"]);
  assert.deepEqual(rolesIn(false, true), ["moderator", "moderator", "participant", "none", "none"]);
  assert.deepEqual(rolesIn(true, true), ["moderator", "moderator", "participant", "none", "none"]);
  assert.equal(defaultRole("none", { isModerated: true }), "visitor");
});

test("§8, §9: whoever is neither a moderator nor an admin or owner changes no role", () => {
  const powerless = standings.filter(({ affiliation, role }) => {
    return affiliation === "outcast" || (role !== "moderator" && (affiliation === "none" || affiliation === "member"));
  });
  assert.equal(powerless.length, 10);
  for (const actor of powerless)
    for (const target of standings)
      for (const to of roles)
        assert.equal(outcomeOf(() => requireMayChangeRole(actor, target, to)), "forbidden"); // prettier-ignore
});

test("§8.2: moderators kick, but nobody of a higher affiliation, and moderators only if they are admins or owners", () => {
  checkRoles(
    "none",
    `                   none/visitor none/participant member/participant none/moderator member/moderator admin/moderator owner/moderator
    none/moderator     yes          yes              not-allowed        not-allowed    not-allowed      not-allowed     not-allowed
    member/moderator   yes          yes              yes                not-allowed    not-allowed      not-allowed     not-allowed
    admin/moderator    yes          yes              yes                yes            yes              yes             not-allowed
    owner/moderator    yes          yes              yes                yes            yes              yes             yes
    admin/none         yes          yes              yes                yes            yes              yes             not-allowed
    owner/none         yes          yes              yes                yes            yes              yes             yes`,
  );
});

test("§8.3: any moderator gives voice", () => {
  for (const actor of ["none/moderator", "member/moderator", "admin/moderator", "owner/moderator", "owner/none"])
    for (const target of ["none/visitor", "member/visitor", "admin/visitor", "owner/visitor"])
      assert.equal(role(actor, target, "participant"), "yes", `${actor} gives voice to ${target}`);
});

test("§8.4: voice is taken from those below, never from admins and owners", () => {
  checkRoles(
    "visitor",
    `                   none/visitor none/participant member/participant admin/participant owner/participant
    none/moderator     yes          yes              not-allowed        not-allowed       not-allowed
    member/moderator   yes          yes              not-allowed        not-allowed       not-allowed
    admin/moderator    yes          yes              yes                not-allowed       not-allowed
    owner/moderator    yes          yes              yes                not-allowed       not-allowed`,
  );
});

test("§9.6: admins and owners make moderators", () => {
  for (const target of standings) {
    for (const actor of ["none/moderator", "member/moderator"])
      assert.equal(outcomeOf(() => requireMayChangeRole(standing(actor), target, "moderator")), "forbidden"); // prettier-ignore
    for (const actor of ["admin/moderator", "owner/moderator", "admin/none", "owner/none"])
      assert.equal(outcomeOf(() => requireMayChangeRole(standing(actor), target, "moderator")), "yes"); // prettier-ignore
  }
});

test("§9.7: admins and owners unmake moderators, but not one another", () => {
  for (const to of ["participant", "visitor"] as const)
    checkRoles(
      to,
      `                   none/moderator member/moderator admin/moderator owner/moderator
      none/moderator     forbidden      forbidden        forbidden       forbidden
      member/moderator   forbidden      forbidden        forbidden       forbidden
      admin/moderator    yes            yes              not-allowed     not-allowed
      owner/moderator    yes            yes              not-allowed     not-allowed`,
    );
});

test("§5.2: who has the higher affiliation may do with roles whatever the lower may", () => {
  const ladder = ["none", "member", "admin", "owner"] as const;
  for (const target of standings)
    for (const to of roles) {
      const may = ladder.map((affiliation) => {
        return outcomeOf(() => requireMayChangeRole({ affiliation, role: "moderator" }, target, to)) === "yes";
      });
      assert.deepEqual(may, [...may].sort((one, other) => Number(one) - Number(other)), `${target.affiliation}/${target.role} ${to}`); // prettier-ignore
    }
});

/** §5.2.2: who changes an affiliation from that of the line to that of the column. */
const chart = `
           outcast member none  admin owner
  outcast  admin   admin  admin owner owner
  none     admin   admin  admin owner owner
  member   admin   admin  admin owner owner
  admin    owner   owner  owner owner owner
  owner    owner   owner  owner owner owner`;

test("§5.2.2: affiliations change by admins and owners as the state chart says", () => {
  const [head = "", ...lines] = chart.trim().split("\n");
  let cells = 0;
  for (const line of lines) {
    const [from = "", ...least] = line.trim().split(/\s+/);
    for (const [index, to] of head.trim().split(/\s+/).entries())
      for (const actor of standings) {
        const isEnough = actor.affiliation === "owner" || actor.affiliation === least[index];
        const isAdmin = actor.affiliation === "admin" || isEnough;
        const refusal = isAdmin && to === "outcast" ? "not-allowed" : "forbidden"; // §9.1
        const found = outcomeOf(() => requireMayChangeAffiliation(actor, from as Affiliation, to as Affiliation));
        assert.equal(found, isEnough ? "yes" : refusal, `${actor.affiliation} changes ${from} to ${to}`);
        cells += 1;
      }
  }
  assert.equal(cells, 5 * 5 * 20);
});

test("§9.1: nobody bans themselves, and whoever may not ban at all is told that", () => {
  const own = (affiliation: Affiliation): Outcome =>
    outcomeOf(() => requireMayChangeAffiliation({ affiliation, role: "moderator" }, affiliation, "outcast", true));
  assert.deepEqual(affiliations.map(own), ["conflict", "conflict", "forbidden", "forbidden", "forbidden"]);
});

test("§10.4, §10.7: owners step down; admins ask an owner", () => {
  const down = (affiliation: Affiliation, to: Affiliation): Outcome =>
    outcomeOf(() => requireMayChangeAffiliation({ affiliation, role: "moderator" }, affiliation, to, true));
  assert.equal(down("owner", "admin"), "yes");
  assert.equal(down("owner", "none"), "yes");
  assert.equal(down("admin", "none"), "forbidden");
});

test("§10.4: the last owner stays", () => {
  assert.equal(outcomeOf(() => requireOwnerRemains(0)), "conflict"); // prettier-ignore
  assert.equal(outcomeOf(() => requireOwnerRemains(1)), "yes"); // prettier-ignore
});
