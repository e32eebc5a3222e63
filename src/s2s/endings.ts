// Why a stream with another server is over, where neither side has said more of it: for the log, and for senders.
import type { Stream } from "../stream/stream.js";
import type { StreamError } from "../stream/stream-error.js";
import { FederationFailure } from "./reason.js";

/** One that the other side had opened. */
export function endOfIncoming({ failure, isEndedByPeer }: Stream): FederationFailure {
  if (failure !== undefined)
    return new FederationFailure("stream-error", `We ended the stream: ${wordsOf(failure).replace(/\.$/, "")}.`);
  const how = isEndedByPeer ? "ended by the other side" : "lost";
  return new FederationFailure("connection-lost", `The stream was ${how}.`);
}

/** One that we had opened, while or before it could take stanzas: they had answered our header, or not even that. */
export function endOfOutgoing(
  { failure }: Stream,
  remote: string,
  stage: "ready" | "answered" | "unanswered",
): FederationFailure {
  if (failure === undefined) {
    const when = stage === "ready" ? "" : " before we could agree on a stream";
    return new FederationFailure("connection-lost", `The connection to the server of ${remote} was closed${when}.`);
  }
  const words = wordsOf(failure);
  if (stage === "ready") return new FederationFailure("stream-error", `We ended the stream with ${remote}: ${words}.`);
  const code = stage === "unanswered" ? "stream-not-xmpp" : "stream-error";
  return new FederationFailure(code, `What the server of ${remote} sent is not acceptable (${words}).`);
}

function wordsOf({ condition, text }: StreamError): string {
  return text === undefined ? condition : `${condition}: ${text}`;
}
