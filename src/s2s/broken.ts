// Whether a stream that is over was lost, so that another may go on with it (XEP-0198 §5), or was ended on purpose.
import type { Stream } from "../stream/stream.js";

/** Errors of ours that say no more than that we hear nothing, or that the stream has been taken up elsewhere already. */
const losses: ReadonlySet<string> = new Set(["connection-timeout", "conflict"]);

export function isBroken({ isEndedByPeer, failure }: Stream): boolean {
  return !isEndedByPeer && (failure === undefined || losses.has(failure.condition));
}
