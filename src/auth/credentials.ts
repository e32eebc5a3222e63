// Telling whether an account's credentials were replaced.
import type { Credentials } from "../storage/records.js";

/** Salts are random, so equal ones mean the same password set at the same time. */
export function areSameCredentials(left: Credentials, right: Credentials): boolean {
  return (
    left.bcrypt === right.bcrypt &&
    left["SHA-1"]?.salt === right["SHA-1"]?.salt &&
    left["SHA-256"]?.salt === right["SHA-256"]?.salt
  );
}
