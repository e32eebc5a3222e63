// XEP-0045: Multi-User Chat <https://xmpp.org/extensions/xep-0045.html>
import { extension, type Jid } from "../../src/extension/index.js";
import { serviceDiscovery } from "../0030-service-discovery.js";
import { configurationOfNewRooms } from "./new-rooms.js";
import { Creation } from "./creation.js";
import { Directory } from "./directory.js";
import { INFO, ITEMS, roomInfo, roomItems, serviceInfo, serviceItems } from "./discovery.js";
import { Farewells } from "./farewells.js";
import { limitFloods } from "./floods.js";
import { askTheSilent } from "./ghosts.js";
import { type Hooks, noHooks } from "./hooks.js";
import { serveInvitations } from "./invitations.js";
import { putAllOut } from "./leave.js";
import { Listing } from "./listing.js";
import { acceptForTheSilent, cancelForTheSlow } from "./locked-rooms.js";
import { roomOperations } from "./operations.js";
import { roomOptions } from "./options.js";
import { serveAdmins } from "./admin.js";
import { serveOwners } from "./owner.js";
import { serveRegistration } from "./registration.js";
import type { RoomSurroundings } from "./room.js";
import { RoomService } from "./service.js";
import { roomStores } from "./stores.js";
import { Visits } from "./visits.js";
import { serveVoiceRequests } from "./voice-requests.js";

export { extraOf, type RoomConfiguration, withExtra } from "./configuration.js";
export { type ConfigurationField, readClaim, readInteger, singleValue } from "./configuration-field.js";
export type { Listed } from "./listing.js";
export type { Hooks } from "./hooks.js";
export type { Alongside, RoomMessage, TakenBack } from "./room-message.js";
export type { RoomIqRequest, ServiceIqRequest } from "./iq-requests.js";
export type { Occupant, Seat } from "./occupant.js";
export type { Room } from "./room.js";
export type { StandingRecord } from "./records.js";
export type { RegistrationField } from "./registration-fields.js";
export { sayAsRoom } from "./groupchat.js";
export { announce } from "./configure.js";
export { isAdministrator } from "./privileges.js";
export { remark } from "./remark.js";
export { RoomValues } from "./room-values.js";
export { showToAll } from "./presence.js";

/** What other extensions get by `host.use(rooms)`. */
export interface Rooms {
  /** The service's domain. */
  readonly jid: Jid;
  readonly hooks: Hooks;
  readonly directory: Directory;
  /** The public rooms. */
  readonly listing: Listing;
  readonly surroundings: RoomSurroundings;
}

export const rooms = extension({
  xep: "0045",
  name: "rooms",
  version: "1.35.5",
  sentence: "Rooms in which many people talk, at a domain of their own.",
  requires: [serviceDiscovery],
  options: roomOptions,
  stores: roomStores,
  services: ({ address }, host) => [addressOn(host, address)],
  start(host): Rooms {
    const { options, clock, log } = host;
    const hooks = noHooks();
    const directory = new Directory();
    const address = addressOn(host.jid.domain, options.address);
    const service = host.openService(address, { receive: (stanza) => rooms.receive(stanza) });
    const isOfThisServer = (jid: Jid): boolean => jid.domain === host.jid.domain;
    const surroundings: RoomSurroundings = {
      service,
      options,
      stores: host.stores,
      together: (job) => host.together(job),
      hooks,
      visits: new Visits(options.rooms_per_session),
      farewells: new Farewells(service, clock, isOfThisServer),
      clock,
      log,
      admins: host.admins,
      forget: (room) => directory.forget(room),
    };
    directory.begin(surroundings);
    const creation = new Creation(directory, surroundings, configurationOfNewRooms(options), host.jid.domain);
    const listing = new Listing(directory, surroundings);
    const rooms = new RoomService(directory, surroundings, creation);
    host.offer("rooms", roomOperations({ host: host.jid.domain, creation, directory, surroundings }));

    hooks.serviceIqs.set(`get ${INFO} query`, (request) => serviceInfo(request, options.name, hooks));
    hooks.serviceIqs.set(`get ${ITEMS} query`, (request) => serviceItems(request, service.jid, listing));
    hooks.roomIqs.set(`get ${INFO} query`, roomInfo);
    hooks.roomIqs.set(`get ${ITEMS} query`, roomItems);
    host.use(serviceDiscovery).host.addItems(() => [{ jid: address, name: options.name }]);

    serveOwners(hooks);
    serveAdmins(hooks);
    serveInvitations(hooks, clock);
    serveRegistration(hooks);
    serveVoiceRequests(hooks);
    limitFloods(surroundings);

    host.every(options.unload_after / 2, () => directory.unload(clock.now() - options.unload_after));
    host.every(Math.min(60_000, options.unlock_silent), () =>
      acceptForTheSilent(directory.rooms.values(), clock.now() - options.unlock_silent),
    );
    host.every(10_000, () => surroundings.farewells.sendAgain());
    host.every(60_000, () => cancelForTheSlow(directory.rooms.values(), clock.now() - options.unlock_timeout));
    host.every(Math.min(60_000, options.check_occupants), () =>
      askTheSilent(directory.rooms.values(), clock.now() - options.check_occupants, isOfThisServer),
    );
    // §11.2
    host.onFarewell(() => {
      for (const room of directory.rooms.values()) putAllOut(room, { statuses: [332] });
    });
    return { jid: service.jid, hooks, directory, listing, surroundings };
  },
});

/** Where the rooms of a host are, unless its operator has chosen another domain. */
function addressOn(host: string, chosen: string | undefined): string {
  return chosen ?? `rooms.${host}`;
}
