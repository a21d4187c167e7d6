/**
 * The third wall: what the kernel holds, even if everything above it fails. Linux only; elsewhere each measure is reported
 * as not available, by name and with the reason. The only room that loads native code.
 *
 * A process that becomes the one that serves an entry (`run`; needs `--allow-ffi`, and `--allow-read` of what it names):
 *
 * ```ts ignore
 * const needs = runtimePaths({ sources: [childScript, wasmFile], cache, names: looksUpNames(grant) });
 * const confined = confine(confinementOf(grant, needs)); // this thread, for good
 * if (confined.report.unavailable.length > 0) …          // say so, or refuse
 * confined.exec({ path: Deno.execPath(), args: ["deno", "run", …], env: { …runtimeVariables(cache) } }); // never returns
 * ```
 *
 * A process that starts such a one (library, `serve`; needs `--allow-run`, and no native code):
 *
 * ```ts ignore
 * const report = await probe();                          // once: what holds on this machine
 * const child = spawn({
 *   confinement: confinementOf(grant, { read: [], execute: [] }),
 *   start: { sources: [childScript, wasmFile], cache, names: looksUpNames(grant) },
 *   args: ["run", "--no-prompt", …, childScript],
 *   env: { …runtimeVariables(cache) },
 *   stdin: "piped", stdout: "piped",
 * });                                                    // a Deno.ChildProcess with its own pid and pipes
 * ```
 *
 * @module
 */
export { confine, type Confined, type Life } from "./confine.ts";
export {
  type Confinement,
  type ConfineReport,
  type Measure,
  type Ports,
  SandboxError,
  type Unavailable,
} from "./confinement.ts";
export type { Program } from "./exec.ts";
export { launch } from "./launch.ts";
export { LAUNCH_FAILED, type Order } from "./launch_order.ts";
export { confinementOf, looksUpNames, type Needs } from "./rules.ts";
export { knowsItself, runtimePaths, runtimeVariables, type Starting } from "./runtime_paths.ts";
export { probe, spawn, type SpawnOptions } from "./spawn.ts";
