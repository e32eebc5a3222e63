// What goes over the control socket: one JSON value a line. A request at a time; its answer ends with a result or an error.

export const CONTROL_SOCKET = "control.sock";

/** Longest request, in bytes: a batch of an import. */
export const LONGEST_REQUEST = 1024 * 1024;
/** Longest answer line, in bytes: a roster, a page of accounts. */
export const LONGEST_ANSWER = 64 * 1024 * 1024;

export interface ControlRequest {
  readonly command: string;
  readonly input: unknown;
}

/** Any number of events, then a result or an error. */
export type ControlAnswer =
  | { readonly event: unknown }
  | { readonly result: unknown }
  | { readonly error: { readonly exitCode: number; readonly message: string } };

export function isRequest(value: unknown): value is ControlRequest {
  return typeof value === "object" && value !== null && "command" in value && typeof value.command === "string";
}

export function isAnswer(value: unknown): value is ControlAnswer {
  if (typeof value !== "object" || value === null) return false;
  return "event" in value || "result" in value || ("error" in value && isError(value.error));
}

function isError(value: unknown): boolean {
  if (typeof value !== "object" || value === null || !("exitCode" in value) || !("message" in value)) return false;
  return typeof value.exitCode === "number" && typeof value.message === "string";
}
