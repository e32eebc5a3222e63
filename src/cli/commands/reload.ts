// rookery reload: the running server reads its configuration and certificates again.
import { command } from "../command.js";
import { serverOf, type ReloadReport } from "../context.js";

export const reload = command<ReloadReport>({
  name: "reload",
  sentence: "Has the running server read its configuration and certificates again.",
  place: "server",
  run: (context) => serverOf(context).reload(),
  exitCode: () => 0,
  render: ({ file, needsRestart }, style) =>
    needsRestart.length === 0
      ? `Reloaded ${file}.`
      : `Reloaded ${file}.\n${style.warning("These changes count after a restart:")} ${needsRestart.join(", ")}`,
});
