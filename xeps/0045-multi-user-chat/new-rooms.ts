// What rooms are like when they are made: the operator's wishes for this host.
import { defaultConfiguration, type RoomConfiguration } from "./configuration.js";
import type { RoomOptions } from "./options.js";

export function configurationOfNewRooms(options: RoomOptions): RoomConfiguration {
  return {
    ...defaultConfiguration,
    language: options.default_language,
    isPersistent: options.default_persistent,
    isPublic: options.default_public,
    isMembersOnly: options.default_members_only,
    isModerated: options.default_moderated,
    isNonAnonymous: options.default_non_anonymous,
    mostHistory: options.history,
  };
}
