// What somebody is sent who takes themselves for an occupant (XEP-0045 §7.2.16).
import { buildStanza, type Stanza } from "../../src/extension/index.js";
import { userElement } from "../payloads/0045-multi-user-chat.js";

/** The answer to presence without a request to enter. */
export function notInRoom({ from, to }: Stanza): Stanza {
  const item = { affiliation: "none", role: "none", reason: "You are not in the room." } as const;
  return buildStanza("presence", { from: to, to: from, type: "unavailable" }, userElement([item], [110, 307, 333]));
}
