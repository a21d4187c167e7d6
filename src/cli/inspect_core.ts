/**
 * `inspect` of a core module.
 *
 * @module
 */
import { witFunc } from "../component/abi/check.ts";
import { LinkError } from "../component/mod.ts";
import { coreModuleText } from "../component/wit/core_text.ts";
import { isProgram, methodsOf } from "../compartment/method.ts";
import type { CoreModule } from "../compartment/module.ts";
import { packagesFor } from "../compartment/refuse.ts";
import { entryNames, moduleLines, whereItIs, yamlText } from "./inspect.ts";
import { printAbout } from "./output.ts";

/** A module, and where it comes from. */
export interface Inspected {
  readonly bytes: Uint8Array;
  /** The file's name, as it was given. */
  readonly file: string;
  /** The digest of the file; `undefined` if that is text. */
  readonly hash: string | undefined;
}

/** More entries than this are not printed: a module may export thousands of functions. */
const MOST = 20;

/** Exports that others call, and no entry. */
const PLUMBING = /^(cabi_|canonical_abi_|_initialize$|allocate$|alloc$|__)/;

/** Prints what a core module is, and entries for it. */
export function inspectCore(module: CoreModule, from: Inspected, typesOnly: boolean): void {
  printAbout(coreModuleText(from.bytes));
  if (typesOnly) return;
  printAbout(`\n;; ${from.hash === undefined ? "" : `${from.hash}  `}${from.file}\n`);
  const foreign = whyForeign(module);
  if (foreign !== undefined) return printAbout(`\n# It cannot run here: ${foreign}\n`);
  const methods = methodsOf(module).filter(({ name }) => !PLUMBING.test(name));
  if (methods.length === 0) return;
  const shown = methods.slice(0, MOST);
  const rest = methods.length - shown.length;
  printAbout(`\n# Entries to paste; ${whereItIs(from.hash)}.\n`);
  const imports = packagesFor(module);
  const names = entryNames(shown.map(({ name }) => name));
  shown.forEach(({ name, type }, i) => {
    const program = isProgram(name);
    const lines = [
      `- name: ${yamlText(names[i]!)}`,
      ...moduleLines(from.file, from.hash, program),
      `  method: ${yamlText(name)}`,
      ...program ? [] : [`  wit: ${JSON.stringify(`${name}: ${witFunc(type)};`)}${note(module, name)}`],
      ...imports.length > 0 ? [`  imports: [${imports.join(", ")}]`] : [],
      "  pool: {type: inline}",
    ];
    printAbout(`${lines.join("\n")}\n`);
  });
  if (rest > 0) printAbout(`# and ${rest} more functions\n`);
}

/** What numbers mean, the module does not say. */
function note(module: CoreModule, name: string): string {
  const type = module.functions.get(name);
  const pair = type?.params.join().includes("i32,i32") &&
    module.type.exports.get("memory")?.kind === "memory";
  return pair ? " # if these are numbers: a string is two of them" : "";
}

function whyForeign(module: CoreModule): string | undefined {
  try {
    module.checkImports();
    return undefined;
  } catch (error) {
    if (error instanceof LinkError) return error.message;
    throw error;
  }
}
