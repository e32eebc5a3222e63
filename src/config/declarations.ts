// What may stand in the file: sections, tables with keys of the operator's, and extensions, handed over by the modules that use them.
import type { KeyedSection, Options, Section, ValuesOf } from "./option.js";

/** The facts of an extension that concern its configuration. */
export interface ExtensionDeclaration<O extends Options = Options> {
  readonly name: string;
  /** Four digits; absent for what no XEP describes. */
  readonly xep?: string;
  readonly options: O;
  /** Extensions without which it can't run: where one of them is off, so is this one. */
  readonly requires?: readonly ExtensionDeclaration[];
  /** Runs only on hosts whose configuration says `enabled = true`. */
  readonly isOffByDefault?: boolean;
  /** What it is for, in one sentence for an operator. */
  readonly sentence?: string;
  /** The domains that it serves on a host, beside the host's own. */
  services?(options: ValuesOf<O>, host: string): readonly string[];
}

export interface Declarations {
  readonly sections: readonly Section<Options>[];
  readonly keyed: readonly KeyedSection<Options>[];
  readonly extensions: readonly ExtensionDeclaration[];
}
