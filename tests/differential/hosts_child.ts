/** Runs one program on the hosts of Airlock or on those of preview2-shim; its own process, for the standard streams. */
import { WASIShim } from "@bytecodealliance/preview2-shim/instantiation";
import { Component, ComponentError, type Imports } from "../../src/component/mod.ts";
import { denied, type Package } from "../../src/grant/grant.ts";
import { ExitError, wasi } from "../../src/wasi/mod.ts";

/** What to run. */
export interface Program {
  readonly hosts: "ours" | "shim";
  readonly wasm: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** A host directory, seen as `/box`. */
  readonly directory: string;
  /** A function of the root to call instead of `wasi:cli/run`; its arguments; its result is printed. */
  readonly call?: readonly [name: string, ...args: unknown[]];
}

const PACKAGES: readonly Package[] = ["wasi:io", "wasi:cli", "wasi:clocks", "wasi:random", "wasi:filesystem"];

function importsOf({ hosts, args, env, directory }: Program): Imports {
  if (hosts === "shim") {
    const sandbox = {
      preopens: { "/box": directory },
      env: { ...env },
      args: [...args],
      enableNetwork: false,
    };
    return new WASIShim({ sandbox }).getImportObject() as Imports;
  }
  return wasi({
    ...denied,
    packages: new Set(PACKAGES),
    args,
    env: Object.entries(env),
    mounts: [{ guest: "/box", host: directory, readOnly: false }],
  });
}

const program: Program = JSON.parse(Deno.args[0]!);
const component = Component.compileSync(Deno.readFileSync(program.wasm));
// The shim has no function for what few guests need, such as `exit-with-code` of 0.2.12.
const missing = (from: string, name: string) => new Error(`not there: ${from} ${name}`);
const { exports } = await component.instantiate(importsOf(program), { missing });
let code = 0;
try {
  if (program.call) {
    const [name, ...args] = program.call;
    console.log(await exports[name](...args));
  } else {
    const run = Object.keys(exports).find((name) => name.startsWith("wasi:cli/run@"))!;
    await exports[run].run();
  }
} catch (error) {
  if (error instanceof ExitError) code = error.exitCode;
  else if (error instanceof ComponentError) code = 1;
  else throw error;
}
Deno.exit(code);
