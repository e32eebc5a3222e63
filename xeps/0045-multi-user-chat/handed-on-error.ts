// An error of one occupant's for another: it is handed on without what would say where the former is from (XEP-0045 §7.2.3).
import { buildStanza, type Element, type Stanza, xml } from "../../src/extension/index.js";
import type { Occupant } from "./occupant.js";
import { seesAddresses } from "./presence.js";
import type { Room } from "./room.js";

const conditions = "urn:ietf:params:xml:ns:xmpp-stanzas";

/** As it may be shown to this occupant. */
export function handedOn(room: Room, error: Stanza, viewer: Occupant): Stanza {
  const told = error.element().getChild("error");
  if (told === undefined || seesAddresses(room, viewer)) return error;
  const type = told.attrs["type"] as string | undefined;
  const { kind, id } = error;
  return buildStanza(
    kind,
    { type: "error", id },
    xml("error", { type }, ...told.getChildElements().flatMap(withoutPlace)),
  );
}

/**
 * A server's sentence may name it, as ours does when it can't be reached; so may "by" (RFC 6120 §8.3.1), and <gone/> and
 * <redirect/> say where somebody is now.
 */
function withoutPlace(child: Element): readonly Element[] {
  if (child.getNS() !== conditions) return [child];
  return child.getName() === "text" ? [] : [xml(child.getName(), { xmlns: conditions })];
}
