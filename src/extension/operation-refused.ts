// Why something that an operator asked of an extension was not done.

/** The message is a plain sentence, fit to be shown to the operator, and says what to do instead where that is known. */
export class OperationRefused extends Error {
  override readonly name = "OperationRefused";
}
