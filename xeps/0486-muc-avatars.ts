// XEP-0486: MUC Avatars <https://xmpp.org/extensions/xep-0486.html>
// The picture is a part of the room's vCard (XEP-0054: vcard-temp), as it is of users'.
import { createHash } from "node:crypto";
import {
  buildStanza,
  type Codec,
  type Element,
  extension,
  type IqAnswer,
  type Jid,
  parseElement,
  perHostMap,
  StanzaError,
  standalone,
  xml,
} from "../src/extension/index.js";
import { announce, type RoomIqRequest, RoomValues, rooms } from "./0045-multi-user-chat/index.js";

const VCARD = "vcard-temp";
const UPDATE = "vcard-temp:x:update";
/** Characters of a whole vCard: enough for a picture of 64 KiB in base64. */
const longestVCard = 100_000;

/** A room's vCard as XML, and the hashes of the pictures in it: versions of one (§4). */
interface RoomVCard {
  readonly written: string;
  readonly hashes: readonly string[];
}

const codec: Codec<RoomVCard> = { encode: ({ written }) => written, decode: (written) => read(parseElement(written)) };

export const mucAvatars = extension({
  xep: "0486",
  name: "muc-avatars",
  version: "0.1.0",
  sentence: "Lets owners give their rooms a picture and other facts about them (vCard).",
  requires: [rooms],
  stores: { vcards: perHostMap(codec) },
  start(host) {
    const { hooks } = host.use(rooms);
    const vcards = new RoomValues(hooks, host.stores.vcards);

    hooks.roomIqs.set(`get ${VCARD} vCard`, ({ room }) => {
      const vcard = vcards.of(room);
      return vcard === undefined ? xml("vCard", { xmlns: VCARD }) : parseElement(vcard.written);
    });
    hooks.roomIqs.set(`set ${VCARD} vCard`, change);
    hooks.roomInfo.push((room) => {
      const hashes = vcards.of(room)?.hashes ?? [];
      return hashes.length === 0 ? [] : [{ var: "muc#roominfo_avatarhash", type: "text-multi", values: hashes }];
    });
    // Clients that came before this XEP look for the hash in the room's own presence (XEP-0153).
    hooks.entered.push((room, seat) => {
      const [hash] = vcards.of(room)?.hashes ?? [];
      if (hash !== undefined) host.send(presenceOf(room, hash).readdressed(seat.jid));
    });

    async function change({ room, affiliation, payload, afterAnswer, from }: RoomIqRequest): Promise<IqAnswer> {
      if (affiliation !== "owner") throw new StanzaError("forbidden", { text: "Only owners may do that." });
      const before = vcards.of(room)?.hashes[0];
      const isEmpty = payload.getChildElements().length === 0;
      const stored = isEmpty ? vcards.remove(room) : vcards.set(room, acceptable(payload));
      const after = vcards.of(room)?.hashes[0];
      afterAnswer(() => {
        announce(room, [104]);
        if (before !== after) room.broadcast(presenceOf(room, after));
      });
      host.log.info("room-vcard-changed", { room: room.jid, by: from.bare });
      await stored;
    }
  },
});

function acceptable(payload: Element): RoomVCard {
  const vcard = read(payload);
  if (vcard.written.length <= longestVCard) return vcard;
  throw new StanzaError("not-acceptable", { text: `A room's vCard may have ${longestVCard} characters.` });
}

function read(vcard: Element): RoomVCard {
  const pictures = vcard.getChildren("PHOTO").map((photo) => photo.getChildText("BINVAL")?.replace(/\s/g, "") ?? "");
  const written = standalone(vcard).toString();
  return { written, hashes: pictures.filter((picture) => picture !== "").map(hashOf) };
}

/** XEP-0153 §3: SHA-1 of the picture itself, in hexadecimal. */
function hashOf(base64: string): string {
  return createHash("sha1").update(Buffer.from(base64, "base64")).digest("hex");
}

function presenceOf({ jid }: { readonly jid: Jid }, hash: string | undefined): ReturnType<typeof buildStanza> {
  return buildStanza("presence", { from: jid }, xml("x", { xmlns: UPDATE }, xml("photo", {}, hash ?? "")));
}
