// XEP-0082: XMPP Date and Time Profiles, version 1.1.1 <https://xmpp.org/extensions/xep-0082.html>

/** A moment in the DateTime profile, in UTC. `time`: milliseconds since 1970. */
export function dateTime(time: number): string {
  return new Date(time).toISOString().replace(".000Z", "Z");
}

const profile = /^\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

/** Milliseconds since 1970; undefined for what is not of the DateTime profile. */
export function readDateTime(text: string): number | undefined {
  const time = profile.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(time) ? undefined : time;
}
