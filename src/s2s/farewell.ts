// The end of all streams with other servers when ours stops: what was sent is confirmed first, as far as it goes quickly.
import { StreamError } from "../stream/stream-error.js";
import type { Federation } from "./federation.js";
import type { Link } from "./link.js";

/** Milliseconds to wait for confirmations. */
const patience = 2_000;
/** Milliseconds between looks at them. */
const pace = 20;

export async function closeAll(federation: Federation): Promise<void> {
  const streams = [...federation.outgoing, ...federation.incoming];
  const links = streams.flatMap(({ link }) => link ?? []);
  await confirmed(links, federation);
  for (const link of links) link.management?.tell();
  for (const { stream } of [...federation.outgoing, ...federation.incoming])
    stream.fail(new StreamError("system-shutdown"));
}

async function confirmed(links: readonly Link[], { clock }: Federation): Promise<void> {
  const isOutstanding = ({ stream, management }: Link): boolean =>
    !stream.isClosing && (management?.sent.length ?? 0) > 0;
  for (const link of links) link.management?.ask(clock.now());
  for (let waited = 0; waited < patience && links.some(isOutstanding); waited += pace) {
    await new Promise<void>((resolve) => void clock.after(pace, resolve));
  }
}
