// The end of all streams with other servers when ours stops: what was sent is confirmed first, as far as it goes quickly.
import { StreamError } from "../stream/stream-error.js";
import type { Federation } from "./federation.js";

/** Milliseconds to wait for confirmations. */
const patience = 2_000;

export async function closeAll(federation: Federation): Promise<void> {
  const managements = [...federation.outgoing, ...federation.incoming].flatMap(({ link }) => link?.management ?? []);
  for (const management of managements) management.ask(federation.clock.now());
  await Promise.race([Promise.all(managements.map((each) => each.confirmed())), elapse(federation)]);
  for (const { stream, link } of [...federation.outgoing, ...federation.incoming]) {
    const farewell = new StreamError("system-shutdown");
    if (link === undefined) stream.fail(farewell);
    else link.leave(farewell);
  }
}

function elapse({ clock }: Federation): Promise<void> {
  return new Promise((resolve) => void clock.after(patience, resolve));
}
