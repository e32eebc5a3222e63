// What routing and im need of a session of this process, beyond what extensions see.
import type { Session } from "../extension/session.js";
import type { Jid } from "../jid/jid.js";
import type { Stanza } from "../stanza/stanza.js";
import type { LocalAccount } from "./local-account.js";

export interface LocalSession extends Session {
  readonly account: LocalAccount;
  presence: Stanza | undefined;
  priority: number;
  isInterested: boolean;
  /** Whom it sent directed presence, without their seeing the broadcast (RFC 6121 §4.6). */
  directed: Set<Jid> | undefined;
  /** Sends what came for this session, or holds it back while older messages are being fetched (RFC 6120 §10.1). */
  deliver(stanza: Stanza): void;
  /** Holds back what deliver() is given until the promise settles. */
  holdUntil(done: Promise<unknown>): void;
  /** Delivers held messages elsewhere, for the session gets messages to the account no longer: before newer ones come. */
  giveBackHeld(): void;
}
