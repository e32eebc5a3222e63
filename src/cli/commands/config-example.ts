// rookery config example: prints config.example.toml, made from the option declarations.
import type { Declarations } from "../../config/declarations.js";
import { writeExample } from "../../config/example.js";
import { command, type Command } from "../command.js";

export function makeConfigExample(declarations: Declarations): Command {
  return command<{ readonly text: string }>({
    name: "config example",
    sentence: "Prints an example configuration with every option, its meaning and its default.",
    place: "local",
    interact: async () => ({ text: writeExample(declarations) }),
    render: ({ text }) => text.trimEnd(),
  });
}
