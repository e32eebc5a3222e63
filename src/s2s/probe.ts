// One walk to another server and back, outside of a running server: nothing is sent there but who we are.
import type { Federation } from "./federation.js";
import { dial } from "./dial.js";
import { asFailure, type FederationFailure } from "./reason.js";
import type { Watch } from "./walk.js";

/** Resolves with what went wrong, undefined when all is well. `federation` should neither turn streams bidirectional nor resume. */
export async function probe(
  federation: Federation,
  local: string,
  remote: string,
  watch: Watch,
): Promise<FederationFailure | undefined> {
  try {
    const { outgoing } = await dial(federation, { local, remote, policy: federation.policy(local, remote), watch });
    outgoing.stream.close();
    return undefined;
  } catch (error) {
    return asFailure(error);
  } finally {
    federation.locator.close(); // a question that is not answered would keep the process waiting
  }
}
