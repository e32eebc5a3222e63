// Every extension that there is: an explicit list, so that nothing runs that nobody named.
import type { Extension } from "../src/extension/index.js";
import { lastActivity } from "./0012-last-activity.js";
import { serviceDiscovery } from "./0030-service-discovery.js";
import { rooms } from "./0045-multi-user-chat/index.js";
import { privateXml } from "./0049-private-xml-storage.js";
import { inBandRegistration } from "./0077-in-band-registration.js";
import { softwareVersion } from "./0092-software-version.js";
import { entityCapabilities } from "./0115-entity-capabilities.js";
import { contactAddresses } from "./0157-contact-addresses.js";
import { offlineMessages } from "./0160-offline-messages.js";
import { ping } from "./0199-ping.js";
import { entityTime } from "./0202-entity-time.js";
import { delayedDelivery } from "./0203-delayed-delivery.js";
import { hats } from "./0317-hats/index.js";
import { mucSelfPing } from "./0410-muc-self-ping.js";
import { occupantIdentifiers } from "./0421-occupant-identifiers.js";
import { messageRetraction } from "./0424-message-retraction.js";
import { moderatedMessageRetraction } from "./0425-moderated-message-retraction/index.js";
import { extendedChannelSearch } from "./0433-extended-channel-search.js";
import { mucAffiliationsVersioning } from "./0463-muc-affiliations-versioning.js";
import { streamLimits } from "./0478-stream-limits.js";
import { mucAvatars } from "./0486-muc-avatars.js";
import { mucSlowMode } from "./0500-muc-slow-mode.js";
import { mucActivityIndicator } from "./0502-muc-activity-indicator.js";
import { absentMembers } from "./absent-members/index.js";

export const extensions: readonly Extension<unknown>[] = [
  lastActivity,
  serviceDiscovery,
  rooms,
  privateXml,
  inBandRegistration,
  softwareVersion,
  entityCapabilities,
  contactAddresses,
  offlineMessages,
  ping,
  entityTime,
  delayedDelivery,
  hats,
  mucSelfPing,
  occupantIdentifiers,
  messageRetraction,
  moderatedMessageRetraction,
  extendedChannelSearch,
  mucAffiliationsVersioning,
  streamLimits,
  mucAvatars,
  mucSlowMode,
  mucActivityIndicator,
  absentMembers,
];
