// Hands the values of a declaration to the module that made the declaration, with their types.
import type { Declarations, ExtensionDeclaration } from "./declarations.js";
import { withEnabled, type GivenExtensions } from "./extensions.js";
import type { GivenTables } from "./keyed.js";
import type { KeyedSection, Options, Section, ValuesOf } from "./option.js";
import { valuesOf, type Given } from "./table.js";

/** One extension on one host. */
export interface ExtensionConfig<O extends Options> {
  readonly isEnabled: boolean;
  readonly values: ValuesOf<O>;
}

export type ValuesOfSection = <O extends Options>(section: Section<O>) => ValuesOf<O>;
export type TablesOfSection = <O extends Options>(section: KeyedSection<O>) => ReadonlyMap<string, ValuesOf<O>>;
export type ConfigOfExtension = <O extends Options>(declaration: ExtensionDeclaration<O>) => ExtensionConfig<O>;

/** Values by section; in `layers` (section name → what was given) later ones override earlier ones. */
export function lookUpSections(
  { sections }: Declarations,
  ...layers: readonly ReadonlyMap<string, Given>[]
): ValuesOfSection {
  const find = lookUp(sections, ({ name, options }) => valuesOf(options, ...layersOf(name, layers)));
  return <O extends Options>(section: Section<O>) => find(section) as ValuesOf<O>; // made from these very options
}

/** Likewise for keyed sections: a key that several layers have is overridden option by option. */
export function lookUpTables(
  { keyed }: Declarations,
  ...layers: readonly ReadonlyMap<string, GivenTables>[]
): TablesOfSection {
  const find = lookUp(keyed, ({ name, options }) => {
    const tables = layers.flatMap((layer) => layer.get(name) ?? []);
    const keys = new Set(tables.flatMap((each) => [...each.keys()]));
    return new Map(Array.from(keys, (key) => [key, valuesOf(options, ...tables.map((each) => each.get(key) ?? {}))]));
  });
  return <O extends Options>(section: KeyedSection<O>) => find(section) as ReadonlyMap<string, ValuesOf<O>>;
}

/** Likewise for extensions, with `enabled` taken apart from their own options. */
export function lookUpExtensions(
  { extensions }: Declarations,
  ...layers: readonly GivenExtensions[]
): ConfigOfExtension {
  const given = (declaration: ExtensionDeclaration) =>
    valuesOf(withEnabled(declaration), ...layersOf(declaration.name, layers));
  const runs = (declaration: ExtensionDeclaration): boolean =>
    given(declaration)["enabled"] === true && (declaration.requires ?? []).every(runs);
  const find = lookUp(extensions, (declaration) => {
    const { enabled, ...values } = given(declaration);
    const isEnabled = enabled === true && (declaration.requires ?? []).every(runs);
    return Object.freeze({ isEnabled, values: Object.freeze(values) });
  });
  return <O extends Options>(declaration: ExtensionDeclaration<O>) => find(declaration) as ExtensionConfig<O>;
}

function layersOf(name: string, layers: readonly ReadonlyMap<string, Given>[]): readonly Given[] {
  return layers.map((layer) => layer.get(name) ?? {});
}

/** By identity: two modules can't get at each other's values by choosing the same name. */
function lookUp<D extends { readonly name: string }, V>(declared: readonly D[], make: (declaration: D) => V) {
  const values = new Map<unknown, V>(declared.map((declaration) => [declaration, make(declaration)]));
  return (declaration: { readonly name: string }): V => {
    const value = values.get(declaration);
    if (value === undefined) throw new Error(`The options of ${declaration.name} were not handed to readConfig().`);
    return value;
  };
}
