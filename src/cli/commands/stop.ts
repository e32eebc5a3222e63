// rookery stop: ends the running server, and waits until it has.
import { once } from "node:events";
import { command } from "../command.js";
import { serverOf } from "../context.js";

interface Stopping {
  readonly processId: number;
}

export const stop = command<never, Record<never, never>, Stopping>({
  name: "stop",
  sentence: "Stops the running server in good order, and waits until it has.",
  place: "server",
  async *watch(context, _input, signal) {
    const server = serverOf(context);
    yield { processId: server.processId };
    server.stop();
    // The connection is the last thing that the server closes.
    if (!signal.aborted) await once(signal, "abort");
  },
  render: ({ processId }) => `Stopping process ${processId} …`,
});
