// What is kept of rooms, by the local part of their address.
import { archive, perHostMap, perHostMaps, type StoresOf, text } from "../../src/extension/index.js";
import { listingCodec } from "./listing.js";
import { roomCodec, standingCodec } from "./records.js";

export const roomStores = {
  rooms: perHostMap(roomCodec),
  /** By room, then by bare JID or domain. */
  standings: perHostMaps(standingCodec),
  history: archive(),
  /** Public ones, for lists: so that not all rooms have to be read for one. */
  listed: perHostMap(listingCodec),
  /** The names of the rooms that somebody owns, by bare JID. */
  owned: perHostMaps(text),
};

export type RoomStores = StoresOf<typeof roomStores>;
