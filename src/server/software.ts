// Name and version of this program, as clients and operators are told.
import { readFileSync } from "node:fs";

const manifest: unknown = JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8"));

export const software = {
  name: "Rookery",
  version: isVersioned(manifest) ? manifest.version : "unknown",
} as const;

function isVersioned(value: unknown): value is { readonly version: string } {
  return typeof value === "object" && value !== null && "version" in value && typeof value.version === "string";
}
