// Options of federation: who may talk to us and how they prove themselves, and the limits of connections with servers.
import { domainName, domainPattern } from "../config/host-name.js";
import { keyedSection, kind, option, section } from "../config/option.js";
import { dnsServer, target } from "./endpoint-kinds.js";

const requireTls = "Whether streams with other servers must be encrypted.";
const requireCertificate =
  "Whether another server must prove itself by a valid certificate; without it, dialback alone is believed, which is as safe as DNS is."; // prettier-ignore
const dialback = "Whether server dialback (XEP-0220) is spoken, with servers that can't log in by certificate.";

export const federationOptions = section(
  "federation",
  "Exchanging stanzas with other servers.",
  {
    enabled: option.boolean(true, "Whether users may write to users of other servers, and the other way round."),
    require_tls: option.boolean(true, requireTls),
    require_certificate: option.boolean(true, requireCertificate),
    dialback: option.boolean(true, dialback),
    allow: option.list(
      domainPattern,
      [],
      'If not empty, only these domains are talked to; "*.example.org" stands for all subdomains of example.org.',
    ),
    block: option.list(domainPattern, [], "Domains that are not talked to; written likewise, and stronger."),
  },
  "host",
);

export const peerOptions = keyedSection({
  name: "peers",
  sentence: "What is different for one domain of another server.",
  key: domainName,
  exampleKey: "mantua.example",
  options: {
    require_tls: option.optional(kind.boolean(), requireTls, "true"),
    require_certificate: option.optional(kind.boolean(), requireCertificate, "true"),
    dialback: option.optional(kind.boolean(), dialback, "true"),
    targets: option.optional(
      kind.list(target),
      "Where to connect to, in this order, instead of asking DNS; with tls: in front for TLS from the first byte.",
      '["10.0.0.1:5269", "tls:xmpp.mantua.example:5270"]',
    ),
  },
  scope: "host",
});

export const dnsOptions = section("dns", "How other servers are looked up.", {
  servers: option.list(dnsServer, [], "DNS servers to ask; the system's when the list is empty."),
  timeout: option.duration("5s", "How long an answer may take.", { min: "100ms", max: "1m" }),
});

export const serverOptions = section("servers", "Connections with other servers, and their limits.", {
  authorities: option.optional(
    kind.string(),
    "File with the certificates (PEM) of further authorities that sign other servers' certificates, beside those that Node.js brings along.", // prettier-ignore
    '"/etc/rookery/servers-ca.pem"',
  ),
  bidirectional: option.boolean(true, "Whether one connection may carry stanzas both ways (XEP-0288)."),
  stream_management: option.boolean(true, "Whether servers acknowledge stanzas to each other (XEP-0198)."),
  posh: option.boolean(false, "Whether certificates that a domain names over HTTPS are accepted (POSH, RFC 7711)."),
  stanza_size: option.size("512 KiB", "Longest stanza of a server that has proved itself.", {
    min: "10000 B",
    max: "16 MiB",
  }),
  stanza_size_before_login: option.size("10000 B", "Longest stanza before that.", { min: "10000 B", max: "1 MiB" }),
  stanza_depth: option.integer(64, "How deep elements may be nested in a stanza.", { min: 8, max: 1000 }),
  stanza_attributes: option.integer(64, "How many attributes an element may have.", { min: 16, max: 1000 }),
  stanza_elements: option.integer(10_000, "How many elements a stanza may have.", { min: 100, max: 1_000_000 }),
  negotiation_timeout: option.duration("30s", "How long it may take to agree on a stream, logging in included.", {
    min: "1s",
    max: "10m",
  }),
  connect_timeout: option.duration("10s", "How long one address may take to accept a connection.", {
    min: "100ms",
    max: "5m",
  }),
  idle_timeout: option.duration("10m", "After this long without a stanza in either direction a stream is closed.", {
    min: "1s",
    max: "7d",
  }),
  keep_alive: option.duration("1m", "After this long without a byte from it, a server is asked whether it is there.", {
    min: "1s",
    max: "1d",
  }),
  answer_timeout: option.duration("1m", "How long it then has to answer.", { min: "1s", max: "1h" }),
  close_timeout: option.duration("5s", "How long a server may take to read the last bytes.", {
    min: "100ms",
    max: "1m",
  }),
  outbox_size: option.size("8 MiB", "What may wait to be sent on one stream to a server that does not read.", {
    min: "64 KiB",
    max: "1 GiB",
  }),
  queue_stanzas: option.integer(100_000, "Stanzas from one domain to another that may wait for a connection.", {
    min: 1,
    max: 10_000_000,
  }),
  queue_size: option.size("64 MiB", "Their size together.", { min: "64 KiB", max: "16 GiB" }),
  queues_size: option.size("256 MiB", "What may wait for connections, from all domains to all together.", {
    min: "64 KiB",
    max: "64 GiB",
  }),
  queue_time: option.duration("5m", "How long a stanza may wait for a connection before its sender gets it back.", {
    min: "1s",
    max: "7d",
  }),
  unacknowledged: option.integer(2000, "Stanzas that one stream may have sent without their being acknowledged.", {
    min: 1,
    max: 1_000_000,
  }),
  resume_time: option.duration("30s", "How long a broken stream can be taken up again where it was.", {
    min: "0s",
    max: "1h",
  }),
  streams_per_domain: option.integer(20, "Streams with one domain of another server at one time.", {
    min: 1,
    max: 10_000,
  }),
  domains_per_stream: option.integer(100, "Domains that another server may bring along on one stream.", {
    min: 1,
    max: 100_000,
  }),
  dials: option.integer(1000, "Connections that are being made at one time.", { min: 1, max: 100_000 }),
  rate: option.size("20 MiB", "How much is read from one stream in a second, in the long run.", {
    min: "10000 B",
    max: "16 GiB",
  }),
  back_off: option.duration("1s", "First pause after a connection could not be made; it doubles each time.", {
    min: "100ms",
    max: "1h",
  }),
  back_off_limit: option.duration("10m", "Longest such pause.", { min: "1s", max: "1d" }),
});
