// Every extension that there is: an explicit list, so that nothing runs that nobody named.
import type { Extension } from "../src/extension/index.js";
import { lastActivity } from "./0012-last-activity.js";
import { serviceDiscovery } from "./0030-service-discovery.js";
import { privateXml } from "./0049-private-xml-storage.js";
import { inBandRegistration } from "./0077-in-band-registration.js";
import { softwareVersion } from "./0092-software-version.js";
import { entityCapabilities } from "./0115-entity-capabilities.js";
import { contactAddresses } from "./0157-contact-addresses.js";
import { offlineMessages } from "./0160-offline-messages.js";
import { ping } from "./0199-ping.js";
import { entityTime } from "./0202-entity-time.js";
import { delayedDelivery } from "./0203-delayed-delivery.js";
import { streamLimits } from "./0478-stream-limits.js";

export const extensions: readonly Extension<unknown>[] = [
  lastActivity,
  serviceDiscovery,
  privateXml,
  inBandRegistration,
  softwareVersion,
  entityCapabilities,
  contactAddresses,
  offlineMessages,
  ping,
  entityTime,
  delayedDelivery,
  streamLimits,
];
