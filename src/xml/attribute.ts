// One attribute of an element, with its exact type.
import type { Element } from "./element.js";

/** The attribute's value; undefined where it is absent. */
export function attributeOf(element: Element, name: string): string | undefined {
  const value: unknown = Object.hasOwn(element.attrs, name) ? element.attrs[name] : undefined;
  return typeof value === "string" ? value : undefined;
}
