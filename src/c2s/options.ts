// Options of client connections.
import { option, section } from "../config/option.js";

export const clientOptions = section("clients", "Limits of client connections.", {
  stanza_size: option.size("256 KiB", "Longest stanza of a client that has logged in.", {
    min: "10000 B",
    max: "16 MiB",
  }),
  stanza_size_before_login: option.size("10000 B", "Longest stanza before that.", { min: "10000 B", max: "1 MiB" }),
  stanza_depth: option.integer(64, "How deep elements may be nested in a stanza.", { min: 8, max: 1000 }),
  stanza_attributes: option.integer(64, "How many attributes an element may have.", { min: 16, max: 1000 }),
  stanza_elements: option.integer(10_000, "How many elements a stanza may have.", { min: 100, max: 1_000_000 }),
  login_timeout: option.duration("60s", "How long logging in may take.", { min: "1s", max: "10m" }),
  close_timeout: option.duration("5s", "How long a client may take to read the last bytes.", {
    min: "100ms",
    max: "1m",
  }),
  idle_timeout: option.duration("5m", "After this long without a byte, a client is asked whether it is there.", {
    min: "1s",
    max: "1d",
  }),
  answer_timeout: option.duration("1m", "How long the client then has to answer.", { min: "1s", max: "1h" }),
  outbox_size: option.size("8 MiB", "What may wait to be sent to a client that does not read.", {
    min: "64 KiB",
    max: "1 GiB",
  }),
  held_messages: option.integer(10_000, "Messages that may wait while older ones are sent first.", { min: 100 }),
  sessions_per_account: option.integer(20, "Sessions that an account may have at one time.", { min: 1, max: 1000 }),
});

export const accountOptions = section(
  "accounts",
  "Limits of what accounts keep.",
  {
    roster_items: option.integer(10_000, "Contacts in a roster.", { min: 1, max: 1_000_000 }),
    offline_messages: option.integer(10_000, "Messages that wait for an offline account.", { min: 0, max: 10_000_000 }),
    offline_size: option.size("64 MiB", "Their size together.", { min: "0 B", max: "16 GiB" }),
    cached: option.integer(10_000, "Accounts without sessions that are kept in memory.", { min: 10, max: 10_000_000 }),
  },
  "host",
);
