// rookery room affiliate: who is what to a room, and changes of it.
import type { AffiliationName, RoomAffiliation } from "../../extension/room-facts.js";
import { command } from "../command.js";
import type { CommandContext } from "../context.js";
import { misused } from "../failure.js";
import { field } from "../field.js";
import { roomField, roomNamed } from "../rooms.js";
import { oneLine, plural, table } from "../style.js";

const affiliations = ["owner", "admin", "member", "none", "outcast"] as const;

interface Affiliated {
  readonly room: string;
  /** All there are; only when no change was asked for. */
  readonly affiliations?: readonly RoomAffiliation[];
  readonly change?: {
    readonly address: string;
    readonly before: AffiliationName;
    readonly after: AffiliationName;
    readonly wanted: AffiliationName;
  };
}

const fields = {
  room: roomField,
  address: field.optional(field.address("whose affiliation is to change: an account, or a domain for all of it")),
  affiliation: field.optional(field.choice("what they are to the room from now on", affiliations)),
  nick: field.optional(field.text("a nickname to reserve for them; '' for none")),
  reason: field.optional(field.text("why, in words for the room")),
};

export const roomAffiliate = command<Affiliated, typeof fields>({
  name: "room affiliate",
  sentence: "Lists the owners, admins, members and outcasts of a room, or makes somebody one of them.",
  details: `An outcast who is in the room is put out; so is who is no member any more of a room for members only.
Example: rookery room affiliate garden@rooms.verona.example romeo@verona.example member --nick Romeo`,
  place: "server",
  fields,
  positional: ["room", "address", "affiliation"],
  async run(context, { room, address, affiliation, nick, reason }) {
    const { rooms, jid } = roomNamed(context, room);
    if (address === undefined) return { room: jid.toString(), affiliations: await rooms.affiliations(jid) };
    if (affiliation === undefined)
      return misused(`What is ${address.toString()} to be? One of ${affiliations.join(", ")}.`);
    if (address.isDomain) await requireDomainMeant(context, address.domain);
    const change = { address: address.bare.toString(), affiliation, nick, reason };
    const outcome = await rooms.affiliate(jid, change);
    return { room: jid.toString(), change: { address: change.address, ...outcome, wanted: affiliation } };
  },
  render({ room, affiliations: all = [], change }, style) {
    if (change !== undefined) return renderChange(room, change);
    const rows = all.map(({ address, affiliation, nick = "", reason = "" }) => [
      affiliation,
      address,
      oneLine(nick),
      oneLine(reason),
    ]);
    const list = table(
      ["AFFILIATION", "ADDRESS", "NICKNAME", "REASON"],
      rows,
      "Nobody is anything to this room.",
      style,
    );
    return rows.length > 10 ? `${list}\n${style.dim(plural(rows.length, "affiliation"))}` : list;
  },
});

/** Who leaves out the host would have everybody of a domain admitted that anybody may register. */
async function requireDomainMeant({ hosts, accounts }: CommandContext, domain: string): Promise<void> {
  for (const host of hosts) {
    const isAccount = domain !== host && (await accounts.show({ host, user: domain })) !== undefined;
    if (isAccount) misused(`${domain} alone is a whole domain. Did you mean ${domain}@${host}?`);
  }
}

function renderChange(room: string, { address, before, after, wanted }: NonNullable<Affiliated["change"]>): string {
  if (after !== wanted)
    return `${address} stays ${after} of ${room}: something else makes them that, such as being an admin of the host.`;
  return before === after
    ? `${address} was ${after} already in ${room}.`
    : `${address} is ${after} in ${room} now; was ${before}.`;
}
