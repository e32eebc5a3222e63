// What other extensions ask of whoever registers with a room, beside the nickname (XEP-0045 §7.10).
import type { Jid } from "../../src/extension/index.js";
import type { Field, FormValues } from "../payloads/0004-data-forms.js";
import type { StandingRecord } from "./records.js";
import type { Room } from "./room.js";

export type RegistrationExtra = NonNullable<StandingRecord["extra"]>;

/** The answers are in `StandingRecord.extra`. */
export interface RegistrationField {
  readonly name: string;
  /** As it stands in the form, with what was chosen before; undefined where it is not for this room or this person. */
  show(room: Room, jid: Jid): Field | undefined;
  /**
   * What is kept of the answer; undefined for nothing.
   * @throws StanzaError when it is refused
   */
  read(values: readonly string[], room: Room, jid: Jid): readonly string[] | undefined;
}

export function registrationFieldsFor(room: Room, jid: Jid): readonly Field[] {
  return room.surroundings.hooks.registrationFields.flatMap((field) => field.show(room, jid) ?? []);
}

/** What is kept of them from now on: what was not answered stays as it is. Undefined when nothing was answered at all. */
export function answersIn(values: FormValues, room: Room, jid: Jid): RegistrationExtra | undefined {
  const answered = room.surroundings.hooks.registrationFields.filter(({ name }) => values.has(name));
  if (answered.length === 0) return undefined;
  const kept = new Map(Object.entries(room.standingOf(jid)?.extra ?? {}));
  for (const field of answered) {
    const answer = field.read(values.get(field.name) ?? [], room, jid);
    if (answer === undefined) kept.delete(field.name);
    else kept.set(field.name, answer);
  }
  return Object.fromEntries(kept);
}
