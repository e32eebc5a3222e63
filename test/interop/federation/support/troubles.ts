// What can be wrong with a domain, and what whoever writes there is to be told by Rookery.

export interface Trouble {
  readonly domain: string;
  /** The condition of the error (RFC 6120 §8.3.3.16, §8.3.3.17). */
  readonly condition: "remote-server-not-found" | "remote-server-timeout";
  /** Of the log event `s2s-failed`. */
  readonly reason: string;
  /** In the text of the error. */
  readonly words: RegExp;
}

const lookingUp: Readonly<Record<string, Trouble>> = {
  "a domain that does not exist": {
    domain: "nowhere.example",
    condition: "remote-server-not-found",
    reason: "dns-not-found",
    words: /DNS/,
  },
  "a domain without XMPP": {
    domain: "no-service.example",
    condition: "remote-server-not-found",
    reason: "dns-no-service",
    words: /SRV/,
  },
  "a domain whose name server fails": {
    domain: "servfail.example",
    condition: "remote-server-timeout",
    reason: "dns-failed",
    words: /DNS/,
  },
  "a domain whose name server refuses to answer": {
    domain: "refused.example",
    condition: "remote-server-timeout",
    reason: "dns-failed",
    words: /DNS/,
  },
  "a domain whose name server is silent": {
    domain: "silent.example",
    condition: "remote-server-timeout",
    reason: "dns-timeout",
    words: /DNS/,
  },
};

const connecting: Readonly<Record<string, Trouble>> = {
  "a server that is not running": {
    domain: "closed.example",
    condition: "remote-server-timeout",
    reason: "connection-refused",
    words: /refused/,
  },
  "a server that takes connections and never answers": {
    domain: "mute.example",
    condition: "remote-server-timeout",
    reason: "stream-timeout",
    words: /answer/,
  },
  "a server that knows no TLS": {
    domain: "plain.example",
    condition: "remote-server-timeout",
    reason: "tls-not-offered",
    words: /TLS/,
  },
  "a server that does not know the domain": {
    domain: "stranger.example",
    condition: "remote-server-not-found",
    reason: "host-unknown",
    words: /does not serve/,
  },
};

/** Certificates that prove nothing. */
export const certificates: Readonly<Record<string, Trouble>> = {
  "a certificate that has expired": {
    domain: "expired.example",
    condition: "remote-server-timeout",
    reason: "certificate-expired",
    words: /expired/,
  },
  "a certificate for another name": {
    domain: "wrong-name.example",
    condition: "remote-server-timeout",
    reason: "certificate-wrong-name",
    words: /name/,
  },
  "a certificate of an unknown authority": {
    domain: "untrusted.example",
    condition: "remote-server-timeout",
    reason: "certificate-untrusted",
    words: /trust/,
  },
};

export const troubles: Readonly<Record<string, Trouble>> = { ...lookingUp, ...connecting, ...certificates };
