// A virtual host as client streams see it: who may log in how, and what is offered at each step.
import type { Authenticator, Identity, SaslCondition } from "../auth/identity.js";
import type { FeatureContext, FeaturePhase } from "../extension/host.js";
import type { Jid } from "../jid/jid.js";
import type { HostTables, NonzaHandler } from "../routing/host-tables.js";
import { LocalAccount } from "../routing/local-account.js";
import type { LocalHost } from "../routing/local-host.js";
import type { Stream } from "../stream/stream.js";
import { serialise } from "../xml/element.js";
import { NAMESPACES } from "../xml/namespaces.js";

/** After login: binding, the session request that old clients insist on, and what RFC 6121 has of its own. */
const coreFeatures =
  `<bind xmlns='${NAMESPACES.bind}'/>` +
  `<session xmlns='${NAMESPACES.session}'><optional/></session>` +
  `<ver xmlns='${NAMESPACES.rosterVersioning}'/>` +
  `<sub xmlns='${NAMESPACES.preApproval}'/>`;

export class ClientHost {
  readonly nonzas: ReadonlyMap<string, NonzaHandler>;
  /** What is answered before login, by "type namespace name". */
  readonly earlyIqs: HostTables["earlyIqs"];

  constructor(
    readonly local: LocalHost,
    readonly authenticator: Authenticator,
    private readonly tables: HostTables,
    /** Counts failed attempts, by condition. */
    readonly countFailure: (condition: SaslCondition) => void,
    /** Milliseconds. */
    private readonly idleTimeout: number,
  ) {
    this.nonzas = tables.nonzas;
    this.earlyIqs = tables.earlyIqs;
  }

  /** RFC 6120 §5.4.1: TLS is mandatory to negotiate, unless the operator trusts this listener in clear. */
  mustEncryptFirst({ transport }: Stream): boolean {
    return transport.tls === undefined && !transport.isTrusted;
  }

  /** Over WebSocket, TLS is a matter of HTTPS (RFC 7395 §3.9). */
  canStartTls({ transport }: Stream): boolean {
    return transport.kind === "tcp" && transport.tls === undefined;
  }

  /** `offer`: the mechanisms. */
  featuresBeforeLogin(stream: Stream, offer: string): string {
    const startTls = this.canStartTls(stream) ? `<starttls xmlns='${NAMESPACES.tls}'/>` : "";
    return startTls + offer + this.#contributed("before-login", stream);
  }

  featuresAfterLogin(stream: Stream): string {
    return coreFeatures + this.#contributed("after-login", stream);
  }

  /** An account for one session that nothing is kept of (XEP-0175); undefined when the identity is not anonymous. */
  anonymousAccount(identity: Identity, jid: Jid): LocalAccount | undefined {
    if (!identity.isAnonymous) return undefined;
    const account = LocalAccount.empty(jid.bare);
    this.local.accounts.add(account);
    return account;
  }

  #contributed(phase: FeaturePhase, stream: Stream): string {
    const { transport } = stream;
    const context: FeatureContext = {
      isSecure: transport.tls !== undefined || transport.isTrusted,
      transport: transport.kind,
      stanzaBytes: stream.stanzaBytes,
      idleTimeout: this.idleTimeout,
    };
    return this.tables.features[phase]
      .map((feature) => feature(context))
      .map((element) => (element === undefined ? "" : serialise(element)))
      .join("");
  }
}
