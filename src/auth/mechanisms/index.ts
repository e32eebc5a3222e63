// Every mechanism that the server knows, strongest first (XEP-0438 §4.1: channel binding counts more than the hash).
import { anonymous } from "./anonymous.js";
import { external } from "./external.js";
import type { Mechanism } from "./mechanism.js";
import { plain } from "./plain.js";
import { scramSha1Plus } from "./scram-sha-1-plus.js";
import { scramSha1 } from "./scram-sha-1.js";
import { scramSha256Plus } from "./scram-sha-256-plus.js";
import { scramSha256 } from "./scram-sha-256.js";

export const MECHANISMS: readonly Mechanism[] = [
  external,
  scramSha256Plus,
  scramSha1Plus,
  scramSha256,
  scramSha1,
  plain,
  anonymous,
];
