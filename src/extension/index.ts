// What extensions are written against: everything that a file in xeps/ may import from the server.
export { nearest } from "../config/nearest.js";
export { kind, option, type ValuesOf } from "../config/option.js";
export type { Clock } from "./clock.js";
export { extension, type Extension } from "./declaration.js";
export type { FeatureContext, Host, HostEvents, SessionSlot } from "./host.js";
export type {
  AccountIqRequest,
  EarlyIqRequest,
  EarlyStream,
  HostIqRequest,
  IqAnswer,
  OwnIqRequest,
} from "./iq-table.js";
export type { AccountProblem } from "../auth/accounts.js";
export type { ArchivedMessage, ArchiveRange, OfflineRecord } from "../storage/records.js";
export type { Log } from "../observability/log.js";
export { OperationRefused } from "./operation-refused.js";
export { RateLimit } from "./rate-limit.js";
export type * from "./room-facts.js";
export type * from "./room-operations.js";
export type { OpenService, Service } from "./service.js";
export type { HostServices } from "./services.js";
export type { Account, Session } from "./session.js";
export { Turns } from "./turns.js";
export { Jid, JidMalformed } from "../jid/jid.js";
export { TextRefused } from "../jid/malformed.js";
export { nicknameKey, prepareNickname } from "../jid/nickname.js";
export { buildStanza, errorFor, resultOf, withAppended, withoutChildren } from "../stanza/build.js";
export { parseStanza } from "../stanza/parse-stanza.js";
export { StanzaError, type StanzaCondition } from "../stanza/stanza-error.js";
export { Stanza, type StanzaKind } from "../stanza/stanza.js";
export { type Codec, json, number, stringSet, text } from "../storage/codecs.js";
export { StorageError } from "../storage/storage-error.js";
export type { Archive, HostMap, HostMaps } from "../storage/stores.js";
export { archive, perHost, perHostMap, perHostMaps, perUser, perUserMap, type StoresOf } from "../storage/shapes.js";
export { attributeOf } from "../xml/attribute.js";
export { Element, xml } from "../xml/element.js";
export { parseElement } from "../xml/parse-element.js";
export { standalone } from "../xml/standalone.js";
