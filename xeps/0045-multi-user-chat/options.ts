// What an operator can say of rooms: [extensions.rooms].
import { kind, option, type ValuesOf } from "../../src/extension/index.js";
import { languageTag, longestLanguageTag } from "./language-tag.js";

export const roomOptions = {
  address: option.optional(
    kind.string(),
    "Domain of the rooms; rooms.HOST when nothing is given. It needs a DNS record and must stand in the certificate.",
    '"rooms.example.org"',
  ),
  name: option.string("Rooms", "What the service is called in lists.", { max: 200 }),
  creation: option.choice("host", "Who may make rooms: everybody, users of this host, or its admins.", [
    "everybody",
    "host",
    "admins",
  ]),
  rooms_per_user: option.integer(100, "Rooms that one user may own; admins of the host may own more.", {
    min: 1,
    max: 1_000_000,
  }),
  default_persistent: option.boolean(
    false,
    "Whether new rooms outlast their last occupant, unless their owner says otherwise.",
  ),
  default_public: option.boolean(true, "Whether new rooms are listed, likewise."),
  default_members_only: option.boolean(false, "Whether only members may enter new rooms, likewise."),
  default_moderated: option.boolean(false, "Whether only those with voice may speak in new rooms, likewise."),
  default_non_anonymous: option.boolean(false, "Whether everybody sees the others' addresses in new rooms, likewise."),
  default_language: option.string("", "Language of new rooms, such as de or pt-BR, likewise.", {
    pattern: languageTag,
    means: 'a language tag such as "de"',
    max: longestLanguageTag,
  }),
  most_occupants: option.integer(5000, "Occupants of one room; its owner may set fewer.", { min: 2, max: 100_000 }),
  rooms_per_session: option.integer(500, "Rooms that one session of a user may be in at a time.", {
    min: 1,
    max: 1_000_000,
  }),
  history: option.integer(50, "Messages that a newcomer is sent at most.", { min: 0, max: 1000 }),
  stored_history: option.integer(10_000, "Messages of a persistent room that are kept on disk.", {
    min: 0,
    max: 100_000_000,
  }),
  standings: option.integer(20_000, "People and domains with an affiliation that one room remembers.", {
    min: 10,
    max: 10_000_000,
  }),
  message_size: option.size("64 KiB", "Longest message to all.", { min: "1 KiB", max: "16 MiB" }),
  message_rate: option.number(10, "Messages a second that one occupant may send for long.", { min: 0.1, max: 10_000 }),
  message_burst: option.integer(50, "Messages that one occupant may send at once.", { min: 1, max: 100_000 }),
  presence_size: option.size("8 KiB", "Longest presence of an occupant, such as a status.", {
    min: "1 KiB",
    max: "256 KiB",
  }),
  presence_rate: option.number(2, "Entries and changes of presence or nickname a second, likewise.", {
    min: 0.1,
    max: 10_000,
  }),
  unlock_silent: option.duration("1m", "How long a new room keeps others out if its maker asks for no form.", {
    min: "1s",
    max: "7d",
  }),
  unlock_timeout: option.duration("1h", "How long a new room waits for the form that its maker has asked for.", {
    min: "1m",
    max: "7d",
  }),
  unload_after: option.duration("5m", "How long a room that nobody is in stays in memory.", { min: "1s", max: "7d" }),
  check_occupants: option.duration(
    "15m",
    "Silence after which an occupant of another server is asked for a sign of life.",
    {
      min: "1m",
      max: "7d",
    },
  ),
};

export type RoomOptions = ValuesOf<typeof roomOptions>;

/** Milliseconds: how long whoever is asked for a sign of life has to answer. */
export const answerTimeout = 60_000;
