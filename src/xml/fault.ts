// What is wrong with a stream's bytes: the condition of the stream error to send, and a sentence for people.

/** The conditions of RFC 6120 §4.9.3 that a reader of bytes can find. */
export type FaultCondition =
  "bad-format" | "not-well-formed" | "policy-violation" | "restricted-xml" | "unsupported-encoding";

/** The reason why a reader stopped; `condition` names the stream error to answer with (RFC 6120 §4.9.3). */
export class XmlFault extends Error {
  override readonly name = "XmlFault";
  readonly condition: FaultCondition;
  /** One English sentence without any of the peer's text in it. */
  readonly text: string;

  constructor(condition: FaultCondition, text: string) {
    super(`${condition}: ${text}`);
    this.condition = condition;
    this.text = text;
  }
}
