// Every extension that there is: an explicit list, so that nothing runs that nobody named.
import type { Extension } from "../src/extension/declaration.js";

export const extensions: readonly Extension<unknown>[] = [];
